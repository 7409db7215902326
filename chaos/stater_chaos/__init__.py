"""The whole system in one process on a virtual clock: the product as it is, in a world that breaks by seed."""
