"""Who buys: enrolled by phone, within the tier that they have shown enough for, screened against sanctions."""
