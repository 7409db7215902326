import pytest

from drivers.bill_acceptor.protocols import PROTOCOLS
from stater_demo.bench_fuzz import device_frames, fuzz_one


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_damaged_streams(protocol):
    """A million of them in `bin/bench fuzz`."""
    corpus = device_frames(protocol)
    assert corpus
    for seed in range(3_000):
        fuzz_one(protocol, corpus, seed)
