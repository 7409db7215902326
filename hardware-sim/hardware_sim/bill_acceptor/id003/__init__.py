"""JCM ID-003, spoken from the acceptor's end."""
