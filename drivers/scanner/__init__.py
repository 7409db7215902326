"""The camera that reads wallet codes."""
