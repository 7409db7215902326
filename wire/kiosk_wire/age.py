"""How long something has been so, in words for whoever must act on it."""


def age(ms: int) -> str:
    """Clocks differ: what seems to come from the future is new."""
    seconds = max(0, ms) // 1_000
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"
