"""The journal is damaged while a bill is inside: no cash is taken, and the bill is not lost when the file is put back."""

import shutil
import sqlite3
from contextlib import closing

from kiosk_flow import Flow, S
from stater_demo.touchscreen import Touchscreen


def test_a_bill_inside_is_given_back_or_credited_once_the_file_is_mended(flow: Flow) -> None:
    database = flow.desk.database
    flow.reach(S.INSERTING)
    flow.pay_in(20)
    flow.insert(50)
    flow.wait_for(S.STACKING)
    flow.desk.cut_power()
    flow.screen.close()
    as_found = shutil.copytree(database.parent, database.parent.with_name("as-found"))
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with database.open("r+b") as file:
        file.seek(4_096)
        file.write(b"\xa5" * 4_096)
    damaged = database.read_bytes()
    try:
        flow.desk.start_core()
        flow.screen = Touchscreen(flow.desk.socket)
        shown = flow.wait_for(S.OUT_OF_SERVICE)
        assert shown.service.reasons == ("storage-damaged",)
        flow.desk.parts["bill-acceptor"].wait_for("returned", "credit_reported", timeout_s=30)
        assert database.read_bytes() == damaged
        flow.desk.cut_power()
        flow.screen.close()
    finally:
        shutil.rmtree(database.parent)
        as_found.rename(database.parent)
    flow.desk.start_core()
    flow.screen = Touchscreen(flow.desk.socket)
    assert S.PAID in flow.go_home()
    books = flow.check()
    assert books in ({"credited": 2_000, "returned": 5_000}, {"credited": 7_000})
