from pathlib import Path

import pytest

from kiosk.config import load_config
from kiosk.errors import InvalidInput

GOOD = """
[kiosk]
id = "kiosk-1"
data_dir = "/var/lib/kiosk"
network = "regtest"

[operator]
name = "Corner Shop"
support_phone = "+1 555 0100"

[central]
url = "https://central.example"
key_file = "/var/lib/kiosk/key.pem"

[bill_acceptor]
port = "/dev/kiosk/acceptor"

[scanner]
source = "0"
"""


def explained(tmp_path: Path, text: str) -> str:
    path = tmp_path / "kiosk.toml"
    path.write_text(text)
    with pytest.raises(InvalidInput) as caught:
        load_config(path)
    message = str(caught.value)
    assert str(path) in message
    return message


def test_a_good_file_is_read(tmp_path):
    path = tmp_path / "kiosk.toml"
    path.write_text(GOOD)
    config = load_config(path)
    assert config.kiosk.id == "kiosk-1"
    assert config.database == Path("/var/lib/kiosk/kiosk.db")
    assert config.printer is None
    assert (config.scanner.kind, config.scanner.baud) == ("camera", None)


def test_a_serial_scanner_is_its_kind_and_its_port(tmp_path):
    path = tmp_path / "kiosk.toml"
    line = 'kind = "honeywell"\nsource = "/dev/serial/by-id/usb-H-if00"\nbaud = 9600'
    path.write_text(GOOD.replace('source = "0"', line))
    scanner = load_config(path).scanner
    assert (scanner.kind, scanner.source, scanner.baud) == (
        "honeywell",
        "/dev/serial/by-id/usb-H-if00",
        9600,
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("support_phone", "suport_phone", "did you mean 'support_phone'?"),
        ("[scanner]", "[scaner]", "did you mean 'scanner'?"),
        ("[kiosk]", "colour = 1\n[kiosk]", "known: bill_acceptor, central"),
        ('url = "https://central.example"', "", "missing key 'central.url'"),
        ("https://central.example", "nonsense", "central.url = 'nonsense'"),
        ('"regtest"', '"moonnet"', "kiosk.network = 'moonnet'"),
        ("[scanner]", "[limits]\nsession_minor = -5\n[scanner]", "limits.session_minor = -5"),
        ("[scanner]", "[deadlines]\npayin_s = 5\n[scanner]", "did you mean 'paying_s'?"),
        ("[scanner]", 'protocol = "id3"\n[scanner]', "'id3': no such protocol; known: "),
        ('"kiosk-1"', '"kiosk 1"', "kiosk.id = 'kiosk 1': it must be 3 to 64 letters, digits"),
        ("[operator]", 'currency = "usd"\n[operator]', "a code of three capital letters"),
        ("[operator]", "languages = []\n[operator]", "kiosk.languages = []: "),
        (
            'source = "0"',
            'kind = "sii"\nsource = "0"',
            "scanner.kind = 'sii': no such kind; known: ",
        ),
        (
            'source = "0"',
            'kind = "ssi"\nsource = "0"',
            "source = '0': it must be the path of a port",
        ),
        (
            'source = "0"',
            'source = "0"\nbaud = 9600',
            "scanner.baud = 9600: a camera has no speed",
        ),
        ('source = "0"', 'kind = "ssi"\nsource = "/dev/s"\nbaud = 9', "scanner.baud = 9: "),
        ("[kiosk]", "[kiosk", "not valid TOML"),
    ],
)
def test_a_fault_is_named_with_its_place_and_its_remedy(tmp_path, old, new, words):
    assert words in explained(tmp_path, GOOD.replace(old, new))


def test_two_faults_are_two_lines(tmp_path):
    text = GOOD.replace("support_phone", "phone").replace('id = "kiosk-1"', "")
    assert len(explained(tmp_path, text).splitlines()) == 3  # unknown, missing phone, missing id


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(InvalidInput, match="No such file"):
        load_config(tmp_path / "absent.toml")
