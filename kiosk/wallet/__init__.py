"""What a customer's wallet shows the scanner."""
