"""kill -9 in the middle of a load of bookings: whatever was acknowledged is there afterwards. SITE_KILLS sets how often
(8 unless told)."""
import http.client
import os
import threading
import time
import uuid

from blackbox import NOW, expect, main
from people import ask, capacity, day, facility_of

TODAY = NOW[:10]
KILLS = int(os.environ.get("SITE_KILLS", "8"))
WRITERS = 6


class Load:
    """Residents who book a day and cancel it again, for ever, and remember what they were told."""

    def __init__(self, site, facility, start):
        self.site, self.facility, self.start = site, facility, start
        self.over = threading.Event()
        self.told = {}  # booking -> the last state acknowledged
        self.lock = threading.Lock()
        self.wrong = []
        residents = [a for a in site.accounts if a["role"] == "resident" and a.get("state") in ("approved", "exempt")]
        self.threads = [threading.Thread(target=self.work, args=(residents[i], day(start, i))) for i in range(WRITERS)]
        for thread in self.threads:
            thread.start()

    def work(self, who, date):
        client = self.site.client(who)
        open_one = None
        try:
            while not self.over.is_set():
                if open_one is None:
                    answer = client.api("POST", "/bookings", ask(self.facility, "day", date, date), key=uuid.uuid4().hex)
                    if answer.status == 201:
                        open_one = answer.json["id"]
                        self.remember(open_one, "requested")
                    elif answer.status == 409:
                        # Left from before the kill: the answer got lost, the booking did not.
                        mine = client.api("GET", "/bookings?limit=50").json["bookings"]
                        left = [b["id"] for b in mine if b["start"] == date and b["state"] in ("requested", "confirmed")]
                        assert left, answer
                        open_one = left[0]
                else:
                    answer = client.api("POST", f"/bookings/{open_one}/cancel", {"reason": ""}, key=uuid.uuid4().hex)
                    if answer.status == 200:
                        self.remember(open_one, "cancelled")
                    open_one = None
        except (OSError, EOFError, http.client.HTTPException):
            pass
        except Exception as why:  # pylint: disable=broad-except
            self.wrong.append(repr(why))
        finally:
            client.close()

    def remember(self, number, state):
        with self.lock:
            self.told[number] = state

    def works(self):
        return any(thread.is_alive() for thread in self.threads)

    def join(self):
        self.over.set()
        for thread in self.threads:
            thread.join()
        assert not self.wrong, self.wrong


def nothing_acknowledged_is_lost(site):
    facility, start = facility_of(site), day(TODAY, 20)
    capacity(site, facility, "day", start, day(start, WRITERS), 3)
    coordinator = site.account("coordinator")
    acknowledged, slowest = 0, 0.0
    for number in range(KILLS):
        load = Load(site, facility, start)
        while not load.told and load.works():  # then at another moment each time
            time.sleep(0.01)
        time.sleep(0.05 + 0.017 * (number % 13))
        site.kill()
        load.join()
        began = time.monotonic()
        site.start()
        slowest = max(slowest, time.monotonic() - began)
        client = site.client(coordinator)
        for booking, state in load.told.items():
            found = expect(client.api("GET", f"/bookings/{booking}"), 200).json["state"]
            # The state told, or the next one whose answer was cut off.
            assert found == state or (state, found) == ("requested", "cancelled"), (number, booking, state, found)
        client.close()
        acknowledged += len(load.told)
    print(f"# {KILLS} kills, {acknowledged} acknowledged bookings checked, slowest restart {slowest:.2f} s")
    assert acknowledged >= KILLS
    site.verify()


if __name__ == "__main__":
    main([nothing_acknowledged_is_lost])
