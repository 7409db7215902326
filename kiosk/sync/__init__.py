"""The way to central: facts out of the outbox in order, questions with their answers."""
