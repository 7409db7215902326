"""The QR codes that the phone of the panel can show: right, and wrong in the ways people meet."""

from urllib.parse import quote

from hardware_sim.qr_code import qr_modules
from stater_demo.phone import payment_request

QUIET_MODULES = 4  # ISO/IEC 18004
MAINNET_ADDRESS = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
"""The first P2WPKH example of BIP 173: another network than the demo's."""


def code_texts(address: str) -> dict[str, str]:
    """By the name of the code. The blurred one is right, and held too close to the camera."""
    wrong_letter = "q" if address[-1] != "q" else "p"
    return {
        "own": payment_request(address),
        "wrong_network": payment_request(MAINNET_ADDRESS),
        "wrong_letter": payment_request(address[:-1] + wrong_letter),
        "blurred": payment_request(address),
    }


def qr_picture(text: str) -> str:
    """The code as an SVG picture, in a URL that QML can show."""
    modules = qr_modules(text.encode(), "M")
    if modules is None:
        raise ValueError(f"no QR code holds {len(text)} characters")
    size = len(modules) + 2 * QUIET_MODULES
    dots = "".join(
        f"M{column + QUIET_MODULES},{row + QUIET_MODULES}h1v1h-1z"
        for row, line in enumerate(modules)
        for column, is_dark in enumerate(line)
        if is_dark
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges"><rect width="{size}" height="{size}" fill="#fff"/>'
        f'<path d="{dots}" fill="#111"/></svg>'
    )
    return "data:image/svg+xml;utf8," + quote(svg)
