"""The core of the kiosk: session machine, journal, rules, sync. Knows no Qt."""
