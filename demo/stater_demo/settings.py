"""The configuration files of a kiosk and a central service that live on one desk."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stater_demo.node import RegtestNode

KIOSK_ID = "demo-kiosk"
HOT_WALLET = "hot"
SESSION_LIMIT_MINOR = 100_000
PRICE = "60000.00"  # for one whole coin: a figure that a person can check in the head
MARKUP_BPS = 500
FEE_MINOR = 100


@dataclass(frozen=True)
class Ports:
    """Where the kiosk finds its devices and central."""

    bill_acceptor: Path
    protocol: str
    printer: Path
    camera_url: str
    central_url: str


def kiosk_toml(folder: Path, network: str, ports: Ports, deadlines_s: Mapping[str, float]) -> str:
    return f"""\
[kiosk]
id = "{KIOSK_ID}"
name = "Corner shop"
data_dir = {_text(folder / "kiosk")}
currency = "USD"
network = "{network}"

[operator]
name = "Stater demo"
support_phone = "+1 202 555 0147"

[central]
url = "{ports.central_url}"
key_file = {_text(folder / "kiosk.key")}

[bill_acceptor]
protocol = "{ports.protocol}"
port = {_text(ports.bill_acceptor)}
parity = "none"  # a pseudo-terminal keeps no parity bit

[scanner]
source = "{ports.camera_url}"

[printer]
port = {_text(ports.printer)}

[limits]
session_minor = {SESSION_LIMIT_MINOR}

[screen]
socket = {_text(folder / "screen.sock")}

[deadlines]
{_table(deadlines_s)}"""


def central_toml(folder: Path, node: RegtestNode | None) -> str:
    """Pays from the node's hot wallet; without a node, from the practice wallet."""
    return f"""\
[server]
port = 0
data_dir = {_text(folder / "central")}

[sale]
currency = "USD"
markup_bps = {MARKUP_BPS}
fee_minor = {FEE_MINOR}

[price]
source = "fixed"
price = "{PRICE}"

[wallet]
{_practice_wallet() if node is None else _node_wallet(node)}"""


def _practice_wallet() -> str:
    return 'kind = "practice"\n'


def _node_wallet(node: RegtestNode) -> str:
    return f"""\
kind = "bitcoind"
network = "regtest"
url = "{node.rpc_url}"
name = "{HOT_WALLET}"
user = "{node.rpc_user}"
password = {_text(node.rpc_password)}
"""


def _table(deadlines_s: Mapping[str, float]) -> str:
    return "".join(f"{state}_s = {seconds}\n" for state, seconds in deadlines_s.items())


def _text(value: object) -> str:
    return json.dumps(str(value))  # a JSON string is a TOML basic string
