"""The channels in words, for a person at a terminal."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from disbursement.channels.models import Channel
from disbursement.channels.owing import debt
from disbursement.config import SaleSection
from kiosk_wire.age import age


def channel_lines(session: Session, rules: SaleSection, now_ms: int) -> list[str]:
    channels = session.scalars(sa.select(Channel).order_by(Channel.channel_id)).all()
    lines = []
    for channel in channels:
        seen = "never seen"
        if channel.last_seen_ms:
            seen = f"seen {age(now_ms - channel.last_seen_ms)} ago"
        if channel.removed_at_ms is not None:
            seen = "removed"
        lines.append(f"{channel_line(session, channel, rules)}; {seen}")
    return lines or ["none registered"]


def channel_line(session: Session, channel: Channel, rules: SaleSection) -> str:
    now = debt(session, channel.speaker_id)
    owes = f"owes {_cash(rules, now.owed_minor)}, and {_cash(rules, now.open_minor)} in open sales"
    return f"{channel.speaker_id}: {owes}; it may owe {_cash(rules, channel.limit_minor)}"


def _cash(rules: SaleSection, amount_minor: int) -> str:
    return rules.in_words(amount_minor, rules.currency)
