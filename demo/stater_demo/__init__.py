"""A whole kiosk on one desk."""
