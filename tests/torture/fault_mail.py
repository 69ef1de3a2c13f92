"""The mail server is down: bookings go on, and once it is back every notice goes out, each once."""
import ctypes
import os
import time

from blackbox import NOW
from fault import CannotHere, Fault, fault
from people import day
from world import WAIT_S

AT_FDCWD, RENAME_EXCHANGE = -100, 2
LATER = day(NOW[:10]) + "T09:40:00+09:00"  # after the pauses between tries, before any offer or request is over


def exchange(one, other):
    """Each gets the other's name at one moment: in between the server would make a folder anew."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) != 0:
        raise CannotHere(f"names cannot be exchanged here: {os.strerror(ctypes.get_errno())}")


@fault
class MailDown(Fault):
    """F18. The demo's mail server is a folder; a file in its place takes no mail."""
    name = "mail-down"
    takes = 12.0
    reads = True
    own_site = True
    cheap = False
    pause = 0.15  # few notices: they go out a hundred a second

    def run(self, world, chance):
        folder, away = world.site.data / "mail", world.site.data / "mail-away"
        away.write_bytes(b"")
        exchange(folder, away)
        time.sleep(1.5)
        exchange(folder, away)
        away.unlink()
        return 1

    @staticmethod
    def count(world):
        """Notices unsent and sent, and the messages that came, named by date and message id: whose answer got lost came twice
        under one id, which is all that can be promised."""
        of_state = "SELECT count(*) FROM notice WHERE state = '{}' AND by_mail = 1"
        left, sent = (int(world.ask_database(of_state.format(state))) for state in ("waiting", "sent"))
        return left, sent, {file.name.partition("-")[2] for file in (world.site.data / "mail").glob("*.eml")}

    def after(self, world):
        world.site.restart(LATER)
        until = time.monotonic() + WAIT_S
        left, sent, came = self.count(world)
        while time.monotonic() < until and (left or sent != len(came)):  # one may come while we count
            time.sleep(0.1)
            left, sent, came = self.count(world)
        wrong = [f"{left} notices never went out"] if left else []
        return wrong + ([f"{sent} notices went out, and {len(came)} messages came"] if sent != len(came) else [])
