"""What the kiosk's camera sees: a shop, and now and then a hand with a wallet's QR code."""
