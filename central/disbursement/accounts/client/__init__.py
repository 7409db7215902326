"""What a client of the accounts keeps, and does, so that no message's loss costs money. Pure: no I/O, no clock."""
