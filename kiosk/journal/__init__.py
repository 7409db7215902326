"""The kiosk's database: the state, the book of bills, the outbox, the journal. One writer: the core."""
