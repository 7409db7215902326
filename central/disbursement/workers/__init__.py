"""The processes that pay from one database: who of them lives, and who takes up what a dead one held."""
