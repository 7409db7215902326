"""python-escpos, which knows nothing of this simulator, writes; the simulator must understand it all."""

import pytest
from escpos.printer import Dummy
from PIL import Image, ImageDraw
from pyzbar import pyzbar


@pytest.fixture
def writer():
    return Dummy(profile="TM-T88V")


def test_a_whole_receipt(bench, writer):
    writer.hw("INIT")
    writer.set(align="center", bold=True, double_width=True, double_height=True)
    writer.textln("STATER")
    writer.set_with_default()
    writer.text("Eingezahlt   120,00 €\nGebühr  4,80 é ñ\n")
    writer.set(font="b", underline=1)
    writer.textln("small")
    writer.qr("bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", native=True, size=6)
    writer.cut()
    bench.send(writer.output)
    bench.wait(10)

    (receipt,) = bench.receipts
    assert receipt.text == (
        "STATER\nEingezahlt   120,00 €\nGebühr  4,80 é ñ\nsmall\n"
        "[QR] bitcoin:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080\n"
    )
    assert bench.happenings == []  # nothing unknown, nothing left out


@pytest.mark.parametrize("way", ["bitImageRaster", "graphics", "bitImageColumn"])
def test_pictures_keep_their_shape(bench, writer, way):
    drawn = Image.new("1", (160, 48), 1)
    ImageDraw.Draw(drawn).polygon([(0, 47), (80, 0), (159, 47)], fill=0)
    writer.image(drawn, impl=way)
    writer.cut()
    bench.send(writer.output)
    bench.wait(10)

    box = bench.receipts[0].dots.getbbox()
    printed = bench.receipts[0].dots.crop(box)
    inked = Image.eval(drawn.convert("L"), lambda value: 255 - value).convert("1")
    assert printed.tobytes() == inked.crop(inked.getbbox()).tobytes()


def test_a_qr_code_sent_as_a_picture(bench, writer):
    writer.qr("lightning:LNURL1", native=False, size=6, image_arguments={"impl": "graphics"})
    writer.cut()
    bench.send(writer.output)
    bench.wait(10)

    found = pyzbar.decode(bench.receipts[0].picture())
    assert [each.data for each in found] == [b"lightning:LNURL1"]
