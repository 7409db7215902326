"""What the demo writes is what the kiosk and central read."""

import subprocess
from pathlib import Path

from disbursement import config as central
from kiosk.config import load_config
from stater_demo.node import RegtestNode
from stater_demo.settings import HOT_WALLET, Ports, central_toml, kiosk_toml


def _node(folder: Path) -> RegtestNode:
    process = subprocess.Popen(["true"])
    process.wait()
    return RegtestNode(process, folder, rpc_port=18443, rpc_password='p"\\w')


def test_the_kiosk_accepts_its_file(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    ports = Ports(
        protocol="id003",
        bill_acceptor=tmp_path / "slot.tty",
        printer=tmp_path / "printer.tty",
        camera_url="http://127.0.0.1:8081/",
        central_url="http://127.0.0.1:8440",
    )
    path.write_text(kiosk_toml(tmp_path, "regtest", ports, {"paying": 5.0}))
    config = load_config(path)
    assert config.kiosk.network == "regtest"
    assert config.database == tmp_path / "kiosk" / "kiosk.db"
    assert config.bill_acceptor.port == ports.bill_acceptor
    assert config.scanner.source == ports.camera_url
    assert config.screen.socket == tmp_path / "screen.sock"


def test_central_accepts_its_file_with_a_node(tmp_path: Path) -> None:
    path = tmp_path / "central.toml"
    path.write_text(central_toml(tmp_path, _node(tmp_path)))
    wallet = central.load_config(path).wallet
    assert isinstance(wallet, central.BitcoindSection)
    assert (wallet.name, wallet.password, wallet.network) == (HOT_WALLET, 'p"\\w', "regtest")


def test_central_accepts_its_file_without_a_node(tmp_path: Path) -> None:
    path = tmp_path / "central.toml"
    path.write_text(central_toml(tmp_path, None))
    assert central.load_config(path).wallet.kind == "practice"
