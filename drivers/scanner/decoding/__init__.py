"""Strangers' pictures, read in a process of their own."""
