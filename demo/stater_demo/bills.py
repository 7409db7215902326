"""The bills a person says on the command line."""

DENOMINATIONS = (1, 2, 5, 10, 20, 50, 100)


def parse_bills(words: str) -> tuple[int, ...]:
    """`20,20` as (20, 20). Raises ValueError with a sentence for the person."""
    bills = []
    for word in words.split(","):
        value = word.strip().removeprefix("$")
        if value not in map(str, DENOMINATIONS):
            known = ", ".join(map(str, DENOMINATIONS))
            raise ValueError(
                f"{word.strip()!r} is not a US bill; bills are {known}: --bills 20,20"
            )
        bills.append(int(value))
    return tuple(bills)
