"""Who may speak to central: kiosks, sales channels, parties; their keys, and the nonces they have used."""
