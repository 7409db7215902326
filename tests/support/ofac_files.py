"""Sanctions lists in OFAC's two schemas, small and of nobody who exists.

Written after the published files and their schemas (advanced: `Sanctions` of the United Nations' model; legacy:
`sdnList`), with the elements that the reader uses and some that it must pass over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

ADVANCED_NAMESPACE = (
    "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML"
)
LEGACY_NAMESPACE = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML"
SUB_TYPES = {"vessel": 1, "aircraft": 2, "entity": 3, "individual": 4}
SCRIPTS = {"Latin": 215, "Cyrillic": 220}
WALLETS = {"XBT": 344, "ETH": 345}


@dataclass(frozen=True)
class Entry:
    uid: int
    first: str
    last: str
    kind: str = "individual"
    strong: Sequence[str] = ()  # further names
    weak: Sequence[str] = ()
    cyrillic: str = ""
    born: date | None = None
    born_year: int | None = None
    wallets: Sequence[tuple[str, str]] = ()  # currency and address


def write_advanced(path: Path, day: date, entries: Sequence[Entry]) -> Path:
    path.write_text(
        f"""<?xml version="1.0" encoding="utf-8"?>
<Sanctions xmlns="{ADVANCED_NAMESPACE}" Version="1">
  <DateOfIssue CalendarTypeID="1">{_day(day)}</DateOfIssue>
  <ReferenceValueSets>
    <FeatureTypeValues>
      <FeatureType ID="8" FeatureTypeGroupID="1">Birthdate</FeatureType>
      {"".join(f'<FeatureType ID="{n}" FeatureTypeGroupID="1">Digital Currency Address - {c}</FeatureType>' for c, n in WALLETS.items())}
    </FeatureTypeValues>
    <PartyTypeValues><PartyType ID="1">Individual</PartyType><PartyType ID="2">Entity</PartyType><PartyType ID="4">Transport</PartyType></PartyTypeValues>
    <PartySubTypeValues>
      <PartySubType ID="1" PartyTypeID="4">Vessel</PartySubType><PartySubType ID="2" PartyTypeID="4">Aircraft</PartySubType>
      <PartySubType ID="3" PartyTypeID="2">Unknown</PartySubType><PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType>
    </PartySubTypeValues>
    <ScriptValues>{"".join(f'<Script ID="{n}" ScriptCode="{name[:4]}">{name}</Script>' for name, n in SCRIPTS.items())}</ScriptValues>
  </ReferenceValueSets>
  <Locations><Location ID="25"><LocationCountry CountryID="11073"/></Location></Locations>
  <IDRegDocuments><IDRegDocument ID="1" IDRegDocTypeID="1584" IdentityID="1"><IDRegistrationNo>A 1</IDRegistrationNo></IDRegDocument></IDRegDocuments>
  <DistinctParties>{"".join(_party(entry) for entry in entries)}
  </DistinctParties>
  <ProfileRelationships/>
  <SanctionsEntries>{"".join(f'<SanctionsEntry ID="{e.uid}" ProfileID="{e.uid}" ListID="1550"/>' for e in entries)}</SanctionsEntries>
</Sanctions>
""",
        encoding="utf-8",
    )
    return path


def _day(day: date) -> str:
    return f"<Year>{day.year}</Year><Month>{day.month}</Month><Day>{day.day}</Day>"


def _party(entry: Entry) -> str:
    aliases = [(f"{entry.last}|{entry.first}", "Latin", "false")]
    aliases += [(name, "Latin", "false") for name in entry.strong]
    aliases += [(name, "Latin", "true") for name in entry.weak]
    aliases += [(entry.cyrillic, "Cyrillic", "false")] if entry.cyrillic else []
    named = "".join(_alias(entry, *alias) for alias in aliases)
    features = "".join(
        _feature(
            WALLETS[currency], f'<VersionDetail DetailTypeID="1432">{address}</VersionDetail>'
        )
        for currency, address in entry.wallets
    )
    first, last = entry.born, entry.born
    if entry.born_year:
        first, last = date(entry.born_year, 1, 1), date(entry.born_year, 12, 31)
    if first and last:
        start, end = (f"<From>{_day(d)}</From><To>{_day(d)}</To>" for d in (first, last))
        period = f'<Start Approximate="false">{start}</Start><End Approximate="false">{end}</End>'
        features += _feature(
            8,
            f'<DatePeriod CalendarTypeID="1">{period}</DatePeriod><VersionDetail DetailTypeID="1430"/>',
        )
    return f"""
    <DistinctParty FixedRef="{entry.uid}"><Comment />
      <Profile ID="{entry.uid}" PartySubTypeID="{SUB_TYPES[entry.kind]}">
        <Identity ID="{entry.uid}1" FixedRef="{entry.uid}" Primary="true" False="false">{named}<NamePartGroups/></Identity>
        {features}
      </Profile>
    </DistinctParty>"""


def _alias(entry: Entry, name: str, script: str, low: str) -> str:
    parts = "".join(
        f'<DocumentedNamePart><NamePartValue NamePartGroupID="1" ScriptID="{SCRIPTS[script]}" '
        f'ScriptStatusID="1" Acronym="false">{escape(part)}</NamePartValue></DocumentedNamePart>'
        for part in name.split("|")
        if part
    )
    return (
        f'<Alias FixedRef="{entry.uid}" AliasTypeID="1403" Primary="false" LowQuality="{low}">'
        f'<DocumentedName ID="1" FixedRef="{entry.uid}" DocNameStatusID="1">{parts}</DocumentedName></Alias>'
    )


def _feature(number: int, inside: str) -> str:
    return (
        f'<Feature ID="{number}1" FeatureTypeID="{number}"><FeatureVersion ID="1" ReliabilityID="1"><Comment />'
        f"{inside}</FeatureVersion></Feature>"
    )


def write_legacy(
    path: Path, day: date, entries: Sequence[Entry], *, promised: int | None = None
) -> Path:
    count = len(entries) if promised is None else promised
    path.write_text(
        f"""<?xml version="1.0" standalone="yes"?>
<sdnList xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="{LEGACY_NAMESPACE}">
  <publshInformation><Publish_Date>{day:%m/%d/%Y}</Publish_Date><Record_Count>{count}</Record_Count></publshInformation>
{"".join(_entry(entry) for entry in entries)}
</sdnList>
""",
        encoding="utf-8",
    )
    return path


def _entry(entry: Entry) -> str:
    akas = [(name, "strong") for name in entry.strong] + [(name, "weak") for name in entry.weak]
    listed = "".join(
        f"<aka><uid>{number}</uid><type>a.k.a.</type><category>{category}</category>"
        f"<lastName>{escape(name)}</lastName></aka>"
        for number, (name, category) in enumerate(akas)
    )
    ids = "".join(
        f"<id><uid>{number}</uid><idType>Digital Currency Address - {currency}</idType>"
        f"<idNumber>{address}</idNumber></id>"
        for number, (currency, address) in enumerate(entry.wallets)
    )
    born = f"circa {entry.born_year}" if entry.born_year else ""
    born = f"{entry.born:%d %b %Y}" if entry.born else born
    births = (
        "<dateOfBirthList><dateOfBirthItem><uid>9</uid>"
        f"<dateOfBirth>{born}</dateOfBirth><mainEntry>true</mainEntry></dateOfBirthItem></dateOfBirthList>"
    )
    first = f"<firstName>{escape(entry.first)}</firstName>" if entry.first else ""
    return f"""  <sdnEntry><uid>{entry.uid}</uid>{first}<lastName>{escape(entry.last)}</lastName>
    <sdnType>{entry.kind.capitalize()}</sdnType><programList><program>TEST</program></programList>
    {f"<idList>{ids}</idList>" if ids else ""}{f"<akaList>{listed}</akaList>" if akas else ""}
    <addressList><address><uid>1</uid><country>Nowhere</country></address></addressList>{births if born else ""}
  </sdnEntry>
"""
