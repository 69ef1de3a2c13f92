"""What everybody sees is kept, and never shown a moment too long: while residents book and a facility declines, whoever is
told so asks at once, on every server there is, how many places are left. On PostgreSQL two servers share the database."""
import contextlib
import shutil
import subprocess
import threading
import time
import uuid

from blackbox import NOW, START_SECONDS, Client, expect, free_port, main
from people import ask, capacity, day, facility_of
from races import people, together

TODAY = NOW[:10]
ROUNDS = 6


class Neighbour:
    """A second server on the site's database, where there can be one."""

    def __init__(self, site):
        self.process, self.folder = None, site.folder / "neighbour"
        self.ports = [site.port]
        if site.engine == "postgresql":
            self.start(site)

    def start(self, site):
        port = free_port()
        shutil.copytree(site.data, self.folder, ignore=shutil.ignore_patterns("*.eml.*"))  # mails being written
        with open(site.folder / "neighbour.log", "ab") as log:
            self.process = subprocess.Popen([site.binary, "demo", "--dir", str(self.folder), "--port", str(port)],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until = time.monotonic() + START_SECONDS
        while not self.answers(port):
            assert self.process.poll() is None and time.monotonic() < until, (site.folder / "neighbour.log").read_text()
            time.sleep(0.02)
        self.ports.append(port)

    @staticmethod
    def answers(port):
        try:
            return Client(port, timeout=2).api("GET", "/city").status == 200
        except OSError:
            return False

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            shutil.rmtree(self.folder)


class Onlooker:
    """Asks like a browser that keeps what it got: a 304 stands for the bytes it has."""

    def __init__(self, port, path):
        self.client, self.path, self.etag, self.body = Client(port), path, None, None

    def open(self):
        headers = {"If-None-Match": self.etag} if self.etag else {}
        answer = self.client.api("GET", self.path, headers=headers)
        if answer.status != 304:
            expect(answer, 200)
            self.etag, self.body = answer.headers["ETag"], answer.json
        return self.body["days"][0]["open"]


def deed(client, path, body):
    """With a key of its own, under which a patient client asks again while the server is busy."""
    return client.api("POST", path, body, key=uuid.uuid4().hex)


class Count:
    def __init__(self):
        self.lock, self.n = threading.Lock(), 0

    def add(self):
        with self.lock:
            self.n += 1


@contextlib.contextmanager
def beside(neighbour, looks):
    """Everybody else, who only looks: each of these is called over and over, until what is done meanwhile is done and the
    neighbour goes."""
    stop = threading.Event()

    def look(once):
        while not stop.is_set():
            once()
    threads = [threading.Thread(target=look, args=(once,)) for once in looks]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        neighbour.stop()


def what_was_acknowledged_is_shown_at_once(site):
    residents, facility, start = people(site), facility_of(site), day(TODAY, 33)
    places = len(residents)
    path = f"/vacancies?care=day&from={start}&to={start}&facility={facility['facility']}"
    neighbour = Neighbour(site)
    capacity(site, facility, "day", start, start, places)
    with beside(neighbour, [Onlooker(port, path).open for port in neighbour.ports * 2]):
        for _ in range(ROUNDS):
            booked, free = Count(), Count()

            def book_and_look(i):
                port = neighbour.ports[i % len(neighbour.ports)]
                booker = Client(port, residents[i]["token"])
                onlookers = [Onlooker(at, path) for at in neighbour.ports]
                for onlooker in onlookers:
                    onlooker.open()
                made = deed(booker, "/bookings", ask(facility, "day", start, start))
                if made.status == 409:
                    return None  # she has used up her days
                expect(made, 201)
                booked.add()
                for onlooker in onlookers:
                    most = places - booked.n
                    assert onlooker.open() <= most, (onlooker.body, most)
                return made.json["id"]

            made = [one for one in together(places, book_and_look) if one]
            assert len(made) >= 5 and len(made) == booked.n

            def decline_and_look(i):
                port = neighbour.ports[i % len(neighbour.ports)]
                onlookers = [Onlooker(at, path) for at in neighbour.ports]
                for onlooker in onlookers:
                    onlooker.open()
                expect(deed(Client(port, facility["token"]), f"/bookings/{made[i]}/decline", {"reason": "試験"}), 200)
                free.add()
                for onlooker in onlookers:
                    least = places - len(made) + free.n
                    assert onlooker.open() >= least, (onlooker.body, least)

            together(len(made), decline_and_look)
    site.verify()


if __name__ == "__main__":
    main([what_was_acknowledged_is_shown_at_once])
