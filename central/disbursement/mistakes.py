"""What is wrong with a configuration, in an operator's words, naming each key as it is written in the file.

Values are left out: one of them may be a password.
"""

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

# pydantic's error types; what is in braces is of the error's context
DEMANDS = {
    "missing": "is missing",
    "model_type": "must be a section, written once: [{key}]",
    "model_attributes_type": "must be a section, written once: [{key}]",
    "literal_error": "must be {expected}",
    "string_type": "must be text, in quotes",
    "string_too_short": "must not be empty",
    "string_too_long": "must be {max_length} characters or fewer",
    "path_type": "must be a path, in quotes",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "decimal_type": "must be a number",
    "decimal_parsing": "must be a number",
    "finite_number": "must be a number",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "url_type": "must be a URL, in quotes",
    "url_parsing": "must be a URL that begins with http:// or https://",
    "url_scheme": "must be a URL that begins with http:// or https://",
}

PATTERNS = {
    r"^[A-Z]{3}$": "must be three capital letters",
    r"^[A-Z0-9]{2,8}$": "must be two to eight capital letters or digits",
    r"^[a-z][a-z0-9-]{1,31}$": "must be small letters, digits and hyphens, and begin with a letter",
}
QUOTE = "'"
Places = Mapping[str, type[BaseModel]]


def in_words(fault: Any, places: Places) -> str:
    """`places` has the model of each section, and of each kind of a section under `section.kind`."""
    loc = [str(part) for part in fault["loc"]]
    place = ".".join(loc[:-1])
    if ".".join(loc[:1]) not in places and ".".join(loc[:2]) in places:
        place = ".".join(part for part in loc[:-1] if not part.isdecimal())
        loc.pop(1)  # the kind stands in the file as a value, not in the key
    key = ".".join(loc)
    context = fault.get("ctx", {})
    match fault["type"]:
        case "extra_forbidden":
            return f"unknown key {key}; {_hint(loc[-1], list(places[place].model_fields))}"
        case "union_tag_invalid" | "union_tag_not_found":
            of_key = [name.split(".")[1:] for name in places if name.startswith(f"{key}.")]
            kinds = [repr(parts[0]) for parts in of_key if len(parts) == 1]
            return f"{key}.{context['discriminator'].strip(QUOTE)}: must be {' or '.join(kinds)}"
        case "value_error":
            return str(context["error"])
        case error_type:
            demand = PATTERNS.get(context.get("pattern")) or DEMANDS.get(error_type, fault["msg"])
            return f"{key}: {demand.format(key=key, **context)}"


def _hint(misspelt: str, known: list[str]) -> str:
    near = difflib.get_close_matches(misspelt, known, n=1)
    return f"did you mean {near[0]}?" if near else f"known are: {', '.join(known)}"
