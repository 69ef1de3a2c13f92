"""One client's desk: sends operations and writes down what became of each; keeps those whose end is unknown, to be asked again
under the same key.

A desk belongs to one thread. `House` is what all desks share: the servers, the log, what must not be answered."""
import itertools
import threading
import time
import urllib.parse

import wire
from blackbox import Client

WAYS = ("half", "hangup", "twice")
ATTEMPTS_MAX = 400
PATIENCE_S = 120  # an answer that takes as long is none
READ_TRIES = 10


class House:
    """`servers` is a list of base URLs; a client whose server does not answer goes to the next."""

    def __init__(self, servers, history):
        parts = [urllib.parse.urlsplit(url) for url in servers]
        self.servers = [(p.hostname, p.port) for p in parts]
        self.history = history
        self.lock = threading.Lock()
        self.acknowledged = 0
        self.refused = 0  # 503
        self.ill = 0      # requests sent in an unfriendly way
        self.illness = 0.12  # how often that is
        self.must_read = False  # while set, whoever reads what is open to her gets it
        self.must_answer = False  # while set, no request stays without an answer
        self.faults = []  # answers that no trouble excuses

    def blame(self, text):
        with self.lock:
            if len(self.faults) < 20:
                self.faults.append(text)

    def count(self):
        with self.lock:
            self.acknowledged += 1


class Desk:
    def __init__(self, house, session, token, chance):
        self.house, self.session, self.token, self.chance = house, session, token, chance
        self.at = chance.randrange(len(house.servers))
        self.client = None
        self.unknown = []  # [(number, attempts, path, body, key, act)]
        self.settled = []  # a few that had their answer, to be sent once more later

    # ---- the line ----

    def line(self):
        if self.client is None:
            host, port = self.house.servers[self.at % len(self.house.servers)]
            self.client = Client(port, self.token, PATIENCE_S, host, patient=False)
        return self.client

    def close(self):
        if self.client is not None:
            self.client.close()
            self.client = None

    def send(self, method, path, body, key):
        had_to = self.house.must_answer
        end = wire.whole(self.line(), method, path, body, key)
        if end.status == 0:
            self.close()
            self.at += 1
            if had_to and self.house.must_answer:
                self.house.blame(f"{method} {path} got no answer")
        self.house.refused += end.status == 503  # about
        if end.status >= 500 and (end.status != 503 or not end.wait):
            self.house.blame(f"{method} {path} was answered {end.status}, Retry-After {end.wait}: {end.json}")
        return end

    # ---- changing something ----

    def attempt(self, number, count, path, body, key, way=None):
        """One sending, or two at once, written down; the Ending."""
        log = self.house.history
        tries = [count, count + 1] if way == "twice" else [count]
        for one in tries:
            log.write("invoke", number, one, **self.asked)
        if way in ("half", "hangup"):
            ends = [wire.cut(self.line(), path, body, key, way == "half")]
        elif way == "twice":
            other = Client(self.line().port, self.token, PATIENCE_S, self.line().host, patient=False)
            ends = wire.at_once([lambda: self.send("POST", path, body, key),
                                 lambda: wire.whole(other, "POST", path, body, key)])
            other.close()
        else:
            ends = [self.send("POST", path, body, key)]
        for one, end in zip(tries, ends):
            self.note(number, one, end)
        return next((end for end in ends if end.outcome != "info"), ends[-1])

    def note(self, number, attempt, end):
        kept = {k: end.json[k] for k in ("id", "state", "booking", "offer", "code") if k in end.json}
        self.house.history.write(end.outcome, number, attempt, status=end.status, sum=end.sum, value=kept)

    def act(self, act, path, body=None, slot=None, target=None):
        """Asks until there is an answer or patience ends; the Ending."""
        number = self.house.history.number()
        key = f"torture-{self.session}-{number}"
        body = {} if body is None else body
        if act in ("book", "change"):
            body = dict(body, message=str(number))
        self.asked = {"session": self.session, "act": act, "slot": slot, "target": target}
        way = self.chance.choice(WAYS) if self.chance.random() < self.house.illness else None
        self.house.ill += way is not None  # about
        end = self.attempt(number, 0, path, body, key, way)
        attempts = 2 if way == "twice" else 1
        while end.outcome == "info" and attempts < 4 and (way or self.chance.random() < 0.7):
            way = None
            end = self.attempt(number, attempts, path, body, key)
            attempts += 1
        asked = (number, attempts, path, body, key, self.asked)
        if end.outcome == "info":
            self.unknown.append(asked)
        else:
            self.settle(asked, end)
        return end

    def settle(self, asked, end):
        if end.outcome == "ok":
            self.house.count()
        if self.chance.random() < 0.05:
            self.settled.append(asked)

    def ask_again(self, asked):
        number, attempts, path, body, key, self.asked = asked
        end = self.attempt(number, attempts, path, body, key)
        return (number, attempts + 1, path, body, key, self.asked), end

    def look_back(self):
        """Asks again about one of unknown end, or sends something answered long ago once more."""
        if self.unknown:
            asked, end = self.ask_again(self.unknown.pop(0))
            if end.outcome == "info":
                self.unknown.append(asked)
            else:
                self.settle(asked, end)
            return end
        if self.settled:
            self.ask_again(self.settled.pop(0))
        return None

    def resolve(self, pause):
        """When all is well again: no end stays unknown, and old keys get their old answers. `pause` waits a little."""
        for _ in range(ATTEMPTS_MAX):
            while self.settled and not self.unknown:
                self.look_back()
            if not self.unknown:
                break
            end = self.look_back()
            if end is not None and end.outcome == "info":
                pause()
        self.close()

    # ---- reading ----

    def see(self, act, path, pick, target=None, must=True):
        """Reads; pick(json) is what the log keeps. The json, or None."""
        log = self.house.history
        number = log.number()
        log.write("invoke", number, 0, session=self.session, act=act, target=target)
        had_to = must and self.house.must_read
        end = self.send("GET", path, None, None)
        if end.outcome == "ok":
            log.write("ok", number, 0, status=end.status, sum=end.sum, value=pick(end.json))
            return end.json
        if end.status == 404 and act == "see-booking":
            log.write("ok", number, 0, status=end.status, value={"state": None})
            return None
        log.write(end.outcome, number, 0, status=end.status)
        if had_to and self.never_again(path):
            self.house.blame(f"GET {path} was answered {end.status} {end.json.get('code')}, and so each time after")
        return None

    def never_again(self, path):
        """Whether reading stays refused as long as it must not be: one 503 of a busy machine is nobody's fault."""
        for _ in range(READ_TRIES):
            time.sleep(0.1)
            if self.send("GET", path, None, None).outcome != "info" or not self.house.must_read:
                return False
        return True


def pages(client, path, name):
    """Every row of a list that comes in pages; raises if one does not come."""
    rows, after = [], ""
    for _ in itertools.count():
        answer = client.api("GET", f"{path}{'&' if '?' in path else '?'}limit=200{after}")
        if answer.status != 200:
            raise OSError(f"GET {path}: {answer}")
        rows += answer.json[name]
        if "next" not in answer.json:
            return rows
        after = f"&after={answer.json['next']}"
