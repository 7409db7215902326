"""MEI/CPI EBDS, spoken from the acceptor's end."""
