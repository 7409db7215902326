"""The core: one thread, one event at a time, from the inbox to the commit to the acts."""
