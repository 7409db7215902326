"""Swap frozen props whole, then tell exactly what changed."""

import re
from dataclasses import fields
from typing import Any

from PySide6.QtCore import QObject

QVariantList = list  # Python types by the names that metaobjectdump writes down for the QML linter
double = float


def announce_changes(model: QObject, old: Any, new: Any) -> None:
    """Emit `<camelCase>Changed` of each field of a props dataclass that differs."""
    for field in fields(new):
        if getattr(old, field.name) != getattr(new, field.name):
            getattr(model, f"{camel_case(field.name)}Changed").emit()


def camel_case(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)
