"""What a fault means to a customer, by code. Never internals: no device names, no error texts."""

from collections.abc import Callable

from ui.words import QT_TRANSLATE_NOOP

Translate = Callable[[str, str], str]

_CHECKED = QT_TRANSLATE_NOOP("Faults", "The bill slot needs attention from our staff.")
_STUCK = QT_TRANSLATE_NOOP("Faults", "A bill is stuck. Please do not pull it.")
_NO_RECEIPTS = QT_TRANSLATE_NOOP("Faults", "This machine cannot print receipts right now.")
_NO_SCANNER = QT_TRANSLATE_NOOP("Faults", "The scanner that reads wallet codes is not working.")
_BOX_FULL = QT_TRANSLATE_NOOP("Faults", "The cash box is full and is waiting to be emptied.")
_BOX_OUT = QT_TRANSLATE_NOOP("Faults", "Our staff are emptying the cash box.")
_NO_SERVICE = QT_TRANSLATE_NOOP("Faults", "The machine cannot reach our service right now.")
_NO_RECORDS = QT_TRANSLATE_NOOP("Faults", "The machine cannot keep its records safely right now.")
_MAINTENANCE = QT_TRANSLATE_NOOP("Faults", "Our staff are looking after this machine.")
_UNKNOWN = QT_TRANSLATE_NOOP("Faults", "The machine needs attention from our staff.")

FAULTS = {
    "acceptor-missing": _CHECKED,
    "acceptor-silent": _CHECKED,
    "acceptor-stuck": _CHECKED,
    "acceptor-jam": _STUCK,
    "stacker-jam": _STUCK,
    "cashbox-full": _BOX_FULL,
    "cashbox-removed": _BOX_OUT,
    "cheat-suspected": _CHECKED,
    "acceptor-failure": _CHECKED,
    "acceptor-currency": _CHECKED,
    "acceptor-protocol": _CHECKED,
    "camera-missing": _NO_SCANNER,
    "camera-code-in-view": QT_TRANSLATE_NOOP(
        "Faults", "A code is in front of the scanner. Please take it away first."
    ),
    "camera-covered": QT_TRANSLATE_NOOP("Faults", "The scanner is covered or dirty."),
    "camera-moved": _NO_SCANNER,
    "camera-stuck": _NO_SCANNER,
    "printer-missing": _NO_RECEIPTS,
    "printer-silent": _NO_RECEIPTS,
    "printer-stuck": _NO_RECEIPTS,
    "printer-paper-near-end": QT_TRANSLATE_NOOP("Faults", "Receipt paper is running low."),
    "printer-paper-end": QT_TRANSLATE_NOOP("Faults", "The receipt paper has run out."),
    "printer-cover-open": _NO_RECEIPTS,
    "printer-cutter": _NO_RECEIPTS,
    "printer-offline": _NO_RECEIPTS,
    "printer-failure": _NO_RECEIPTS,
    "central-unreachable": _NO_SERVICE,
    "central-stuck": _NO_SERVICE,
    "central-refuses": _NO_SERVICE,
    "clock-wrong": _MAINTENANCE,
    "central-network": _MAINTENANCE,
    "storage": _NO_RECORDS,
    "storage-damaged": _NO_RECORDS,
    "starting": QT_TRANSLATE_NOOP("Faults", "The machine is getting ready."),
    "disputed-bill-found": _MAINTENANCE,
    "disputed-bill-returned": _MAINTENANCE,
}


def fault_text(code: str, translate: Translate) -> str:
    return translate("Faults", FAULTS.get(code, _UNKNOWN))
