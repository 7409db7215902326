"""A real anvil for all tests of this folder."""

import sys
from collections.abc import Iterator

import pytest

from evm_bench import EvmBench
from stater_demo.evm_node import AnvilNode
from stater_demo.node import NodeUnavailable


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EvmBench]:
    try:
        with AnvilNode.start(tmp_path_factory.mktemp("anvil")) as node:
            yield EvmBench(node)
    except NodeUnavailable as missing:
        warning = f"NOT TESTED AGAINST A REAL ETHEREUM NODE: {missing}"
        sys.stderr.write(f"\n{warning}\n")
        pytest.skip(warning)
