"""Clients that send their head, send their body or take their answer as slowly as they can (slowhttptest -H -B -X, and
the ranges of -R), and too many who sign in: while they hold on everybody else is answered, and in the end the server lets
go of them.

Nothing here is decided by how long it takes: answers are counted, and every slow connection has an end."""
import select
import socket
import threading
import time

from blackbox import START_SECONDS, Client, expect, main

EACH = 100
HELD = 2000  # answers to others while slow readers hold on


def connect(site, window=None):
    client = socket.socket()
    if window:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    client.settimeout(START_SECONDS)
    client.connect(("127.0.0.1", site.port))
    return client


class Slow:
    """Connections that get a few bytes each now and then; one that has ended is taken off. `kinds` is how they begin and what
    they get; EACH of each."""

    def __init__(self, site, *kinds, reads=False):
        self.reads = reads
        self.open = [(connect(site, 1024 if reads else None), drip) for _, drip in kinds for _ in range(EACH)]
        self.count = len(self.open)
        self.hurry = threading.Event()  # what is left is read as fast as it comes
        begins = [begin for begin, _ in kinds for _ in range(EACH)]
        for (one, _), begin in zip(self.open, begins):
            one.sendall(begin)
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def ended(self, one, drip):
        """The server has closed or reset it; an answer on the way is taken sixteen bytes at a time."""
        ready, _, _ = select.select([one], [], [], 0)
        try:
            if ready and not one.recv(16 if self.reads and not self.hurry.is_set() else 1 << 16):
                return True
            one.sendall(drip)
        except OSError:
            return True
        return False

    def work(self):
        until = None
        while self.open and (until is None or time.monotonic() < until):
            self.open = [one for one in self.open if not self.ended(*one)]
            if until is None and (self.hurry.is_set() or not self.reads):
                until = time.monotonic() + START_SECONDS
            time.sleep(0 if self.hurry.is_set() else 0.2)

    def join(self):
        self.thread.join()
        for one, _ in self.open:
            one.close()


def others_are_answered(site, slow):
    """A reader and somebody signed in, on connections of their own and on new ones, until the slow ones have gone."""
    reader, resident = Client(site.port), site.client(site.account("resident"))
    answered, later = 0, Client.later
    while slow.thread.is_alive() or answered < 100:
        expect(reader.api("GET", "/city"), 200)
        expect(resident.api("GET", "/me"), 200)
        assert reader.send("GET", "/search").status == 200
        expect(site.api("GET", "/facilities"), 200)
        answered += 4
        if slow.reads and answered >= HELD:
            slow.hurry.set()
        time.sleep(0.01)
    reader.close()
    resident.close()
    slow.join()
    print(f"# {slow.count} slow connections, {answered} answers to others meanwhile")
    assert Client.later - later <= answered // 20, f"{Client.later - later} were told to come again"
    assert not slow.open, f"{len(slow.open)} slow connections are still open"


def slow_heads_and_bodies(site):
    head = b"GET / HTTP/1.1\r\nHost: a\r\n"
    body = (b"POST /api/v1/quotes HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n"
            b"Content-Type: application/json\r\n\r\n{")
    others_are_answered(site, Slow(site, (head, b"X-A: b\r\n"), (body, b" ")))


def slow_readers(site):
    """Ask for much, one request behind the other, and take sixteen bytes now and then. That the server cuts them off
    shows only when what had left it is read: tests/http/door.c sees that end."""
    others_are_answered(site, Slow(site, (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 200, b""), reads=True))


def many_ranges(site):
    ranges = ",".join(f"{n}-" for n in range(1300))
    for _ in range(20):
        client = Client(site.port)
        answer = client.send("GET", "/", headers={"Range": "bytes=" + ranges})
        assert answer.status in (200, 431), answer
        client.close()
    expect(site.api("GET", "/city"), 200)


def storm_of_sign_ins(site):
    """Hashing passwords is dear: two at once are enough, the rest waits or is told to come again, and nobody else waits."""
    body = b"login=nobody%40example.jp&password=tremendous-secret-2026"
    request = (b"POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
               b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
    storm = [connect(site) for _ in range(300)]
    for one in storm:
        one.settimeout(START_SECONDS)
        one.sendall(request)
    reader = Client(site.port)
    for _ in range(100):
        expect(reader.api("GET", "/city"), 200)
        assert reader.send("GET", "/search").status == 200
    reader.close()
    seen = {}
    for one in storm:
        answer = b""
        while piece := one.recv(1 << 16):
            answer += piece
        one.close()
        head = answer.partition(b"\r\n\r\n")[0]
        status = int(head.split()[1])
        assert status in (200, 401, 422, 429, 503), answer[:500]
        assert b"tremendous" not in answer
        if status == 503:
            assert b"Retry-After: " in head and "混み合っています".encode() in answer, answer[:2000]
        seen[status] = seen.get(status, 0) + 1
    print(f"# {seen}")


if __name__ == "__main__":
    main([slow_heads_and_bodies, slow_readers, many_ranges, storm_of_sign_ins])
