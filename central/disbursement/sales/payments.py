"""A payment: the one transaction of one or more payouts, and what is stored of it when.

    reserve   its coins and its payouts are taken, in one database transaction: nobody else's from now on
    store     the signed bytes, before anybody sees them
    sent      the network has them: the books say so
    sweep     what was reserved and not signed is free again

A payout may come to several payments one after the other, each only once the one before is dead. Nothing here talks to the node. Not responsible for when this is done; see `payouts.py` and `watch.py`.
"""

from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.house import House
from disbursement.sales.models import Payment, PaymentVersion, Payout, PayoutInput, TransferRow
from disbursement.sales.transfers import TransferMoved, move
from disbursement.wallets.coins import choose, next_in_turn
from disbursement.wallets.fees import shares
from disbursement.wallets.wallet import Coin, Order, Outpoint, Output, SignedPayment
from kiosk_wire.messages import TransferState

FINAL_CONFIRMATIONS = 144  # a day of blocks: no deeper reorganization is watched for


def sweep(session: Session) -> None:
    """The reservations of attempts that ended before they signed. One that still runs finds its own gone."""
    signed = sa.select(PaymentVersion.payment_id)
    stale = sa.select(Payment.payment_id).where(Payment.payment_id.not_in(signed))
    release(session, session.scalars(stale).all())


def release(session: Session, payment_ids: Sequence[int]) -> None:
    if not payment_ids:
        return
    quietly = {"synchronize_session": False}
    free = sa.update(Payout).where(Payout.payment_id.in_(payment_ids)).values(payment_id=None)
    session.execute(free, execution_options=quietly)
    for table in (PayoutInput, Payment):
        gone = sa.delete(table).where(table.payment_id.in_(payment_ids))
        session.execute(gone, execution_options=quietly)


def reserve(
    house: House, session: Session, transfer_id: str, coins: Sequence[Coin], fee_rate: int
) -> Order:
    """Raises WalletRefused: too few coins; TransferMoved: somebody else took the payout."""
    paid = tuple(_as_output(row) for row in _due_with(house, session, transfer_id))
    amount = sum(output.amount for output in paid)
    fee_at_most = partial(house.wallet.fee_at_most, outputs=len(paid), fee_rate=fee_rate)
    free = _free(session, coins)
    if house.wallet.is_account:
        _demand_none_half_done(session, coins)
        chosen = next_in_turn(free, amount + fee_at_most(1))
    else:
        chosen = choose(free, amount, fee_at_most)
    payment = Payment(is_final=False)
    session.add(payment)
    session.flush()
    for coin in chosen:
        key = {"txid": coin.outpoint.txid, "vout": coin.outpoint.vout}
        session.add(PayoutInput(**key, payment_id=payment.payment_id, value=coin.value))
    _take(session, [output.transfer_id for output in paid], payment.payment_id)
    return Order(payment.payment_id, paid, tuple(chosen), fee_rate)


def _due_with(house: House, session: Session, transfer_id: str) -> list[TransferRow]:
    """Payouts that wait and never failed go together, each to an address of its own; one that failed goes
    alone, so it holds up no other."""
    waiting = (
        sa.select(TransferRow)
        .join(Payout, Payout.transfer_id == TransferRow.transfer_id)
        .where(
            TransferRow.state == TransferState.FINALIZED,
            Payout.payment_id.is_(None),
            ~Payout.awaits_approval,
        )
        .order_by(Payout.due_at_ms, TransferRow.transfer_id)
    )
    first = session.scalar(waiting.where(Payout.transfer_id == transfer_id))
    if first is None:
        raise TransferMoved(f"transfer {transfer_id} does not wait for its payment any more")
    found = {first.address: first}
    if session.get_one(Payout, transfer_id).last_error is None:
        for row in session.scalars(waiting.where(Payout.last_error.is_(None))):
            if len(found) == house.wallet.outputs_max:
                break
            found.setdefault(row.address, row)
    return sorted(found.values(), key=lambda row: row.transfer_id)


def _free(session: Session, coins: Sequence[Coin]) -> list[Coin]:
    """Not reserved or spent by any payment; and of unconfirmed ones only our own change that nothing can
    take away: a payment with two versions has two changes, and one of them will never be."""
    taken = {Outpoint(used.txid, used.vout) for used in _used(session, coins)}
    parents = {coin.outpoint.txid for coin in coins if coin.ancestors}
    sure = {
        payment.txid
        for payment in session.scalars(
            sa.select(Payment)
            .where(Payment.txid.in_(parents), Payment.spent_by.is_(None))
            .with_for_update()
        )
        if len(versions(session, payment.payment_id)) == 1
    }
    return [
        coin
        for coin in coins
        if coin.outpoint not in taken and (coin.ancestors == 0 or coin.outpoint.txid in sure)
    ]


def _used(session: Session, coins: Sequence[Coin]) -> list[PayoutInput]:
    """And some that are none of these: for the caller to leave out."""
    mine = sa.select(PayoutInput).where(
        PayoutInput.txid.in_({coin.outpoint.txid for coin in coins}),
        PayoutInput.vout.in_({coin.outpoint.vout for coin in coins}),
    )
    return list(session.scalars(mine))


def _demand_none_half_done(session: Session, coins: Sequence[Coin]) -> None:
    """An account's numbers are mined in turn: were a lower one never signed, none after it would ever be. Another
    attempt that has reserved one may still end so. Raises TransferMoved."""
    for used in _used(session, coins):
        if not versions(session, used.payment_id):
            raise TransferMoved(f"payment {used.payment_id} comes first, and is not signed yet")


def _take(session: Session, transfer_ids: list[str], payment_id: int) -> None:
    taken = session.execute(
        sa.update(Payout)
        .where(Payout.transfer_id.in_(transfer_ids), Payout.payment_id.is_(None))
        .values(payment_id=payment_id)
        .execution_options(synchronize_session=False)
        .returning(Payout.transfer_id)
    ).all()
    if len(taken) < len(transfer_ids):
        raise TransferMoved(f"transfers {transfer_ids} are no longer free to be paid")


def store(house: House, session: Session, order: Order, signed: SignedPayment) -> None:
    """Raises TransferMoved: what was reserved is no longer what was signed for; FundsUnavailable: the fee
    exceeds what was reserved for it, and nothing is free."""
    payment = session.get(Payment, order.payment_id, with_for_update=True)
    rows = members(session, order.payment_id)
    if payment is None or outputs(session, order.payment_id) != order.outputs:
        raise TransferMoved(f"payment {order.payment_id} was swept before it was signed")
    now_ms = house.now_ms()
    each = shares(signed.fee, len(rows))
    for (row, payout), fee in zip(rows, each, strict=True):
        move(session, row, TransferState.SIGNED, f"signed {signed.txid}", now_ms)
        reserve, reference = fee_promised(row, payout), booked_as(row, order.payment_id)
        house.books.fix_fee(session, reference, reserve=reserve, fee=fee, at_ms=now_ms)
        payout.fee_base_units = fee
    payment.txid, payment.fee_base_units = signed.txid, signed.fee
    payment.change_address = signed.change_address
    session.add(as_version(order, signed, 1, now_ms))
    session.flush()


def fee_promised(row: TransferRow, payout: Payout) -> int:
    """What is in flight for its fee: the reserve, or what a dead payment would have cost."""
    return row.fee_reserve if payout.fee_base_units is None else payout.fee_base_units


def booked_as(row: TransferRow, payment_id: int) -> str:
    """The name of its bookings: each payment books once."""
    return f"{row.transfer_id}/{payment_id}"


def as_version(order: Order, signed: SignedPayment, number: int, now_ms: int) -> PaymentVersion:
    return PaymentVersion(
        payment_id=order.payment_id,
        number=number,
        txid=signed.txid,
        raw=signed.raw,
        fee_base_units=signed.fee,
        fee_rate=order.fee_rate,
        signed_at_ms=now_ms,
        is_sent=False,
    )


def sent(house: House, session: Session, version: PaymentVersion) -> None:
    """The network has it, or refused it. Paid is booked for the first version of a payment, once."""
    payment_id, now_ms = version.payment_id, house.now_ms()
    session.get_one(PaymentVersion, (payment_id, version.number)).is_sent = True
    for row, payout in members(session, payment_id):
        if row.state == TransferState.SIGNED:
            move(session, row, TransferState.BROADCAST, "accepted by the network", now_ms)
            amount, fee = row.amount_base_units or 0, payout.fee_base_units or 0
            reference = booked_as(row, payment_id)
            house.books.paid(session, reference, amount=amount, fee=fee, at_ms=now_ms)
            payout.last_error = None


def count(
    house: House,
    session: Session,
    payment: Payment,
    version: PaymentVersion,
    taken: int | None = None,
) -> None:
    """This version is the one that stands: the books take its fee, or what it has taken in the end. Raises
    FundsUnavailable."""
    fee = version.fee_base_units if taken is None or house.wallet.gas else taken
    if house.wallet.gas:
        house.books.change_gas_fee(session, payment.gas_fee or 0, taken or 0, house.now_ms())
        payment.gas_fee = taken
    if (payment.txid, payment.fee_base_units) == (version.txid, fee):
        return
    before = payment.fee_base_units or 0
    house.books.change_fee(session, before, fee, house.now_ms())
    payment.txid, payment.fee_base_units = version.txid, fee
    rows = members(session, payment.payment_id)
    for (_, payout), share in zip(rows, shares(fee, len(rows)), strict=True):
        payout.fee_base_units = share


def outputs(session: Session, payment_id: int) -> tuple[Output, ...]:
    return tuple(_as_output(row) for row, _ in members(session, payment_id))


def members(session: Session, payment_id: int) -> list[tuple[TransferRow, Payout]]:
    found = (
        sa.select(TransferRow, Payout)
        .join(Payout, Payout.transfer_id == TransferRow.transfer_id)
        .where(Payout.payment_id == payment_id)
        .order_by(TransferRow.transfer_id)
    )
    return [(row, payout) for row, payout in session.execute(found)]


def versions(session: Session, payment_id: int) -> list[PaymentVersion]:
    """The newest last."""
    mine = sa.select(PaymentVersion).where(PaymentVersion.payment_id == payment_id)
    return list(session.scalars(mine.order_by(PaymentVersion.number)))


def _as_output(row: TransferRow) -> Output:
    return Output(row.transfer_id, row.address, row.amount_base_units or 0)
