"""A simulated bill acceptor: one body of mechanics, and the protocols that speak for it."""
