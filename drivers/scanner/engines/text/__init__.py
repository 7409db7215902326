"""Any engine that sends each text by itself, ended by CR or LF."""
