"""Bill acceptors: one set of events and commands for every protocol."""
