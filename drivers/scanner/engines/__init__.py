"""Serial scan engines: they decode by themselves and send the text of a code over a serial port."""
