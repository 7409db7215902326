"""Why the demo cannot go on, in words for the person who started it."""


class DemoProblem(Exception):
    """The text is complete: what was awaited, what came instead, where to look."""
