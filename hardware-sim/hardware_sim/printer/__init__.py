"""A receipt printer seen from the far end of its cable: ESC/POS in, paper and status bytes out."""
