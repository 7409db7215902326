"""What stable codes mean to a customer."""


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:  # noqa: N802 - lupdate looks for this name
    """Mark a text for translation. Qt's own is typed to return `object`."""
    return text
