"""The messages between kiosk and central: one home for both sides."""
