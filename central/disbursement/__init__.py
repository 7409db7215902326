"""The central disbursement service."""
