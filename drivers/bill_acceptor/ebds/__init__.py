"""MEI/CPI EBDS: CashFlow SC, SCN and CFSC. Pyramid's RS-232 is the same without extended messages."""
