"""The sanctions list: read from OFAC's files, kept in the books, and what is compared with it."""
