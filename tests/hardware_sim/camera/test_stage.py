from hardware_sim.camera.motion import View
from hardware_sim.camera.stage import APPROACH_S, LEAVING_S, Showing, Stage, one_visit

ONE, OTHER = Showing("bitcoin:one"), Showing("bitcoin:other")


def test_a_phone_comes_and_stays():
    stage = Stage().show(ONE, 10.0)

    assert stage.view(10.0) == View(presence=0)
    assert 0 < stage.view(10.0 + APPROACH_S / 2).presence < 1
    assert stage.view(10.0 + APPROACH_S) == stage.view(1000.0) == View(presence=1)


def test_it_leaves_from_where_it_is():
    stage = Stage().show(ONE, 0.0)
    half_way = stage.view(APPROACH_S / 2).presence
    leaving = stage.hide(APPROACH_S / 2)

    assert leaving.view(APPROACH_S / 2).presence == half_way
    assert leaving.view(APPROACH_S / 2 + LEAVING_S).presence == 0


def test_another_code_is_another_phone():
    stage = Stage().show(ONE, 0.0).show(OTHER, 10.0)

    assert stage.showing == OTHER
    assert stage.view(10.0).presence == 0


def test_too_close_and_back_into_focus():
    near = Stage().show(ONE, 0.0).blur(10.0)
    assert near.view(20.0) == View(presence=1, closeness=1)

    sharp = near.show(ONE, 20.0)
    assert sharp.view(20.0) == View(presence=1, closeness=1)
    assert sharp.view(30.0) == View(presence=1)


def test_showing_again_what_has_left_brings_it_back():
    stage = Stage().show(ONE, 0.0).hide(10.0).show(ONE, 20.0)

    assert stage.view(20.0).presence == 0
    assert stage.view(20.0 + APPROACH_S).presence == 1


def test_a_visit_begins_and_ends_with_the_empty_shop():
    (_, here), (away_s, away) = one_visit(ONE, 8.0)

    assert here.view(0.0).presence == 0
    assert here.view(away_s).presence == 1
    assert away.view(8.0).presence == 0
