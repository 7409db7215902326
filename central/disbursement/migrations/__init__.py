"""The history of the database's tables, applied by Alembic at start."""
