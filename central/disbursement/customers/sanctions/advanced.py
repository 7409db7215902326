"""OFAC's advanced schema, `sdn_advanced.xml`, of the United Nations' model.

Sanctions / DateOfIssue / Year, Month, Day
Sanctions / ReferenceValueSets / ... PartyType, PartySubType@PartyTypeID, Script, FeatureType: each with its ID
Sanctions / DistinctParties / DistinctParty@FixedRef / Profile@PartySubTypeID
    Identity / Alias@LowQuality / DocumentedName / DocumentedNamePart / NamePartValue@ScriptID
    Feature@FeatureTypeID / FeatureVersion / DatePeriod / Start, End / From, To     Birthdate
                                             VersionDetail            Digital Currency Address - XBT
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from disbursement.customers.sanctions.legacy import WALLET, days
from disbursement.customers.sanctions.party import ANY_DAY, Born, ListedName, ListedWallet, Party
from disbursement.customers.sanctions.xml import below, local_name, text_of

ROOT = "Sanctions"
ISSUED = "DateOfIssue"
ENTRY = "DistinctParty"
VALUES = ("PartyType", "PartySubType", "Script", "FeatureType")
PASSED_OVER = ("Location", "IDRegDocument", "SanctionsEntry", "ProfileRelationship")
BIRTHDATE = "Birthdate"


@dataclass
class Values:
    """The reference values, which the file defines before it uses them."""

    names: dict[tuple[str, str], str] = field(default_factory=dict)
    party_types: dict[str, str] = field(default_factory=dict)  # of each sub-type

    def learn(self, element: Any) -> None:
        kind, number = local_name(element), element.get("ID", "")
        self.names[kind, number] = (element.text or "").strip()
        if kind == "PartySubType":
            self.party_types[number] = element.get("PartyTypeID", "")

    def kind(self, sub_type: str) -> str:
        """An individual's and an entity's sub-type are both called unknown; a vessel is a means of transport."""
        own = self.names.get(("PartySubType", sub_type), "").lower()
        of_type = self.names.get(("PartyType", self.party_types.get(sub_type, "")), "").lower()
        return own if own in {"vessel", "aircraft"} else of_type


def published_on(issued: Any) -> date:
    """Raises ValueError."""
    return date(*(int(text_of(issued, part)) for part in ("Year", "Month", "Day")))


def party(element: Any, values: Values) -> Party:
    sub_types = [profile.get("PartySubTypeID", "") for profile in below(element, "Profile")]
    features = [(_type(feature, values), feature) for feature in below(element, "Feature")]
    return Party(
        uid=element.get("FixedRef", ""),
        kind=values.kind(sub_types[0]) if sub_types else "",
        names=tuple(_names(element, values)),
        births=tuple(
            _born(period)
            for kind, feature in features
            if kind == BIRTHDATE
            for period in below(feature, "DatePeriod")
        ),
        wallets=tuple(
            ListedWallet(currency=kind.removeprefix(WALLET), address=detail.text.strip())
            for kind, feature in features
            if kind.startswith(WALLET)
            for detail in below(feature, "VersionDetail")
            if detail.text and detail.text.strip()
        ),
    )


def _type(feature: Any, values: Values) -> str:
    return values.names.get(("FeatureType", feature.get("FeatureTypeID", "")), "")


def _names(element: Any, values: Values) -> Iterator[ListedName]:
    for alias in below(element, "Alias"):
        for documented in below(alias, "DocumentedName"):
            parts = list(below(documented, "NamePartValue"))
            text = " ".join(part.text.strip() for part in parts if part.text)
            if text:
                script = values.names.get(("Script", parts[0].get("ScriptID", "")), "")
                is_weak = alias.get("LowQuality") == "true"
                yield ListedName(text=text, is_weak=is_weak, script=script)


def _born(period: Any) -> Born:
    first = _days(period, "Start/From")
    last = _days(period, "End/To") or _days(period, "Start/To") or first
    return Born(earliest=first[0], latest=last[1]) if first and last else ANY_DAY


def _days(period: Any, place: str) -> tuple[date, date] | None:
    parts = [text_of(period, f"{place}/{part}") for part in ("Year", "Month", "Day")]
    if not parts[0]:
        return None
    try:
        year, month, day = (int(part) if part else None for part in parts)
    except ValueError:
        return None
    return days(year or 0, month, day)
