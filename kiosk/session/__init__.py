"""The session machine: one customer's sale, from touch to receipt, as a table of data."""
