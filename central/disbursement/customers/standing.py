"""How much a customer may buy now: within the tier that they have shown enough for, and no more.

    counted is what was sold in 24 hours, and in 30 days, to the customer or to the address the coins go to
    a sale that is open counts as the most it may become; one that ended, as the cash it took, at its end
    whoever prepares for the same customer or address beside another waits for that one to commit

So no interleaving of prepare, finalize and dismiss sells more than the tier. The amounts are sums over the transfers,
never counters. A customer counts in the session that proved the phone; and whoever is blocked buys nothing, nor does
anyone who asks for an address that they bought to.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement import postgres
from disbursement.config import TierSection
from disbursement.customers import register, screening
from disbursement.customers.desk import Desk
from disbursement.customers.models import Buyer, Customer, EnrolmentRow
from disbursement.customers.sanctions.party import canonical_address
from disbursement.errors import Refused
from disbursement.house import House
from disbursement.sales.models import TransferChange, TransferRow
from kiosk_wire.customers import NameRequest, Standing, StandingRequest, Tier
from kiosk_wire.messages import PrepareRequest, RefusalCode, TransferState

DAY_MS = 86_400_000
MONTH_MS = 30 * DAY_MS
ENDED = 2  # the version of a transfer that follows on prepared


@dataclass(frozen=True)
class Who:
    """Somebody at a kiosk, as far as they have shown it."""

    customer: Customer | None
    address: str | None  # canonical
    is_screened: bool = False  # under a name, against the list that counts

    @property
    def tier(self) -> Tier:
        if self.customer is None:
            return Tier.ANONYMOUS
        return Tier.REVIEWED if self.customer.is_reviewed and self.is_screened else Tier.PHONE


@dataclass(frozen=True)
class Left:
    """Below zero: so much too much."""

    day_minor: int
    month_minor: int

    @property
    def minor(self) -> int:
        return min(self.day_minor, self.month_minor)


def note_buyer(session: Session, request: PrepareRequest) -> None:
    buyer = Buyer(transfer_id=request.transfer_id, customer_id=request.customer_id)
    buyer.address = canonical_address(request.address)
    session.add(buyer)
    session.flush()


def screen(house: House, customer_id: str | None) -> None:
    """Outside the transaction that then relies on it."""
    if house.desk is not None and customer_id is not None:
        screening.screen(house.db, house.desk.screener, customer_id, house.now_ms())


def give_name(house: House, speaker_id: str, customer_id: str, said: NameRequest) -> Standing:
    """Raises Refused."""
    asked = StandingRequest(session_id=said.session_id, customer_id=customer_id)
    if house.desk is None:
        raise Refused(422, RefusalCode.BAD_REQUEST, "customers are not asked who they are here")
    screen(house, customer_id)
    house.db.run(lambda session: _give_name(house, session, speaker_id, customer_id, said))
    return standing(house, speaker_id, asked)


def _give_name(
    house: House, session: Session, speaker_id: str, customer_id: str, said: NameRequest
) -> None:
    customer = _shown(session, speaker_id, said.session_id, customer_id)
    name = " ".join(said.name.split())
    told = (name, said.born_on.isoformat())
    if customer.name is not None and (customer.name, customer.born_on) != told:
        raise Refused(
            409, RefusalCode.ID_REUSED, "there is a name already: the operator changes it"
        )
    person = register.Person(name, said.born_on)
    register.give_name(session, customer, person, f"told at {speaker_id}", house.now_ms())


def demand_shown(house: House, session: Session, speaker_id: str, request: PrepareRequest) -> None:
    """Before anything is written down. Raises Refused."""
    if request.customer_id is None:
        return
    if house.desk is None:
        raise Refused(422, RefusalCode.BAD_REQUEST, "customers are not asked who they are here")
    _shown(session, speaker_id, request.session_id, request.customer_id)


def demand_within(
    house: House, session: Session, speaker_id: str, request: PrepareRequest
) -> None:
    """The new sale is counted already. Raises Refused, whose text names the next step."""
    if house.desk is None:
        return
    who = _who(session, speaker_id, request)
    _demand_welcome(session, who)
    left = _left(house, house.desk, session, who)
    if left.minor < 0:
        raise _too_much(house, house.desk, session, who)


def standing(house: House, speaker_id: str, request: StandingRequest) -> Standing:
    """Raises Refused."""
    screen(house, request.customer_id)
    return house.db.run(lambda session: _standing(house, session, speaker_id, request))


def _standing(
    house: House, session: Session, speaker_id: str, request: StandingRequest
) -> Standing:
    most = house.rules.max_amount_minor
    if house.desk is None:
        left, tier, further = Left(most, most), Tier.ANONYMOUS, None
    else:
        who = _who(session, speaker_id, request)
        _demand_welcome(session, who)
        left, tier = _left(house, house.desk, session, who), who.tier
        further = _further(house, house.desk, session, who, at_least_minor=left.minor + 1)
    return Standing(
        tier=tier,
        currency=house.rules.currency,
        day_left_minor=max(0, left.day_minor),
        month_left_minor=max(0, left.month_minor),
        next_tier=further,
    )


def _who(session: Session, speaker_id: str, request: PrepareRequest | StandingRequest) -> Who:
    customer = None
    if request.customer_id is not None:
        customer = _shown(session, speaker_id, request.session_id, request.customer_id)
    address = canonical_address(request.address) if request.address else None
    if address is not None:
        postgres.lock_word_until_commit(session, f"address {address}")
    is_screened = customer is not None and screening.is_named_and_screened(session, customer)
    return Who(customer, address, is_screened)


def _shown(session: Session, speaker_id: str, session_id: str, customer_id: str) -> Customer:
    """Locked. Raises Refused."""
    proved = sa.select(EnrolmentRow.enrolment_id).where(
        EnrolmentRow.customer_id == customer_id,
        EnrolmentRow.speaker_id == speaker_id,
        EnrolmentRow.session_id == session_id,
    )
    if session.scalars(proved).first() is None:
        detail = "this customer has proved no phone in this session: enrol, and type the code"
        raise Refused(409, RefusalCode.IDENTITY_NOT_SHOWN, detail)
    customer = session.get_one(Customer, customer_id, with_for_update=True)
    if not screening.is_current(session, customer):  # a list came just now
        raise Refused(503, RefusalCode.BUSY, "a new list is being looked at: try again")
    return customer


def _demand_welcome(session: Session, who: Who) -> None:
    """The same words for both, and for whoever shares an address with one: they are for a person to explain."""
    refused = [who.customer] if who.customer else []
    if who.address is not None:
        sharing = sa.select(Customer).join(Buyer, Buyer.customer_id == Customer.customer_id)
        refused += session.scalars(sharing.where(Buyer.address == who.address))
    if any(customer.is_blocked or customer.under_review for customer in refused):
        detail = "a person must look at this first: ask the operator"
        raise Refused(409, RefusalCode.CUSTOMER_REFUSED, detail)


def _rules(desk: Desk, tier: Tier) -> TierSection:
    return {
        Tier.ANONYMOUS: desk.rules.anonymous,
        Tier.PHONE: desk.rules.phone,
        Tier.REVIEWED: desk.rules.reviewed,
    }[tier]


def _left(house: House, desk: Desk, session: Session, who: Who, tier: Tier | None = None) -> Left:
    rules, now_ms = _rules(desk, tier or who.tier), house.now_ms()
    return Left(
        rules.day_minor - _sold_since(session, who, now_ms - DAY_MS),
        rules.month_minor - _sold_since(session, who, now_ms - MONTH_MS),
    )


def _sold_since(session: Session, who: Who, since_ms: int) -> int:
    either = []
    if who.customer is not None:
        either.append(Buyer.customer_id == who.customer.customer_id)
    if who.address is not None:
        either.append(Buyer.address == who.address)
    if not either:
        return 0
    recent = sa.exists().where(
        TransferChange.transfer_id == TransferRow.transfer_id,
        TransferChange.version <= ENDED,
        TransferChange.at_ms > since_ms,
    )
    sold = sa.func.coalesce(TransferRow.committed_minor, TransferRow.max_amount_minor)
    counted = (
        sa.select(sa.func.sum(sold))
        .join(Buyer, Buyer.transfer_id == TransferRow.transfer_id)
        .where(sa.or_(*either), sa.or_(TransferRow.state == TransferState.PREPARED, recent))
    )
    return int(session.scalar(counted) or 0)


def _further(
    house: House, desk: Desk, session: Session, who: Who, at_least_minor: int
) -> Tier | None:
    """The first tier above that leaves so much."""
    tiers = list(Tier)
    for tier in tiers[tiers.index(who.tier) + 1 :]:
        if _left(house, desk, session, who, tier).minor >= at_least_minor:
            return tier
    return None


NEXT_STEP = {Tier.PHONE: "prove a phone number", Tier.REVIEWED: "be reviewed by the operator"}


def _too_much(house: House, desk: Desk, session: Session, who: Who) -> Refused:
    rules = _rules(desk, who.tier)
    day, month = (
        house.rules.in_words(amount_minor, house.rules.currency)
        for amount_minor in (rules.day_minor, rules.month_minor)
    )
    told = f"at most {day} in a day and {month} in 30 days"
    further = _further(house, desk, session, who, at_least_minor=0)
    if further is None:
        detail = f"{told} are sold to one customer, or to one address: ask for less, or come later"
        return Refused(409, RefusalCode.LIMIT_REACHED, detail)
    detail = f"{told} so far: to buy more, {NEXT_STEP[further]}"
    return Refused(409, RefusalCode.IDENTITY_NEEDED, detail)
