"""Public frames of every protocol: each decodes, and encodes back to the same bytes."""

import json
from pathlib import Path

import pytest

from drivers.bill_acceptor.protocols import PROTOCOLS

VECTORS = [
    (name, vector)
    for name in PROTOCOLS
    for vector in json.loads((Path(__file__).parent / f"{name}_vectors.json").read_text())
]


@pytest.mark.parametrize(("name", "vector"), VECTORS, ids=lambda each: str(each)[:60])
def test_a_public_frame_decodes_and_encodes_back(name, vector):
    dialect = PROTOCOLS[name].dialect
    data = bytes.fromhex(vector["hex"])
    ear = dialect.host() if vector["direction"] == "host->device" else dialect.device()
    if "above 7F" in vector.get("tag", ""):
        assert ear.feed(data) == []  # no such byte can be on a line of seven bits
        return
    [frame] = ear.feed(data)
    assert dialect.encode(frame) == data
    assert dialect.describe(frame)


def test_a_hello_is_a_frame_of_its_host():
    for kind in PROTOCOLS.values():
        for hello in kind.dialect.hellos:
            assert len(kind.dialect.host().feed(hello)) == 1
