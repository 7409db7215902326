"""Who issues, and on what terms. Set by who runs the service, not by messages.

Invariants: the terms stay in the protocol's ranges; two changes of the rate are days apart; notes that
were short enough stay short enough.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from disbursement.accounts.protocol.configuring import new_account
from disbursement.accounts.protocol.limits import (
    COMMIT_PERIOD_MAX_S,
    COMMIT_PERIOD_MIN_S,
    DEMURRAGE_RATE_MIN_PPM,
    INTEREST_RATE_MAX_PPM,
    NOTE_BYTES_MAX,
    NOTE_BYTES_MIN,
    RATE_CHANGE_GAP_MS,
    ROOT,
)
from disbursement.accounts.protocol.models import Debtor
from disbursement.accounts.protocol.turn import Turn
from disbursement.errors import InvalidTerms


@dataclass(frozen=True)
class Terms:
    wide: bool = False
    interest_rate_ppm: int = 0
    demurrage_rate_ppm: int = 0  # the lowest that the interest rate may become
    commit_period_s: int = COMMIT_PERIOD_MIN_S
    transfer_note_max_bytes: int = NOTE_BYTES_MAX
    info_iri: str = ""
    info_content_type: str = ""
    info_sha256: str = ""

    def __post_init__(self) -> None:
        """Raises InvalidTerms."""
        ranges = {
            "demurrage rate": (DEMURRAGE_RATE_MIN_PPM, self.demurrage_rate_ppm, 0),
            "interest rate": (
                self.demurrage_rate_ppm,
                self.interest_rate_ppm,
                INTEREST_RATE_MAX_PPM,
            ),
            "commit period": (COMMIT_PERIOD_MIN_S, self.commit_period_s, COMMIT_PERIOD_MAX_S),
            "longest note": (NOTE_BYTES_MIN, self.transfer_note_max_bytes, NOTE_BYTES_MAX),
        }
        for name, (least, given, most) in ranges.items():
            if not least <= given <= most:
                raise InvalidTerms(f"the {name} is {given}, not from {least} to {most}")


def open_debtor(session: Session, debtor_id: int, terms: Terms, now_ms: int) -> None:
    """With its root account, which may issue nothing until it is configured."""
    debtor = Debtor(debtor_id=debtor_id, terms_version=1, rate_changed_at_ms=0, **vars(terms))
    session.add(debtor)
    turn = Turn(session, now_ms, {debtor_id: debtor})
    root = turn.accounts[debtor_id, ROOT] = new_account(debtor, ROOT, now_ms)
    turn.tell_update(root)
    turn.close()


def change_terms(session: Session, debtor_id: int, terms: Terms, now_ms: int) -> None:
    """Upkeep brings a new rate to the accounts. Raises InvalidTerms."""
    debtor = session.get_one(Debtor, debtor_id, with_for_update=True)
    if terms.wide != debtor.wide:
        raise InvalidTerms("accounts that are open stay as wide as they are")
    if terms.transfer_note_max_bytes < debtor.transfer_note_max_bytes:
        raise InvalidTerms("the longest note may only become longer")
    if terms.demurrage_rate_ppm < debtor.demurrage_rate_ppm:
        raise InvalidTerms("the demurrage rate was promised: it may only rise")
    if terms.interest_rate_ppm != debtor.interest_rate_ppm:
        if now_ms - debtor.rate_changed_at_ms < RATE_CHANGE_GAP_MS:
            raise InvalidTerms("the interest rate changed a few days ago")
        debtor.rate_changed_at_ms = now_ms
    debtor.terms_version += 1
    for name, value in vars(terms).items():
        setattr(debtor, name, value)
