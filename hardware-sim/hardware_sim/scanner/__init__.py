"""A serial scan engine, seen from the other end of its wire."""
