"""What clients asked and were told, as one JSON line a moment: `invoke` when an attempt goes out, then `ok` (done), `fail`
(refused for good) or `info` (nobody knows). One operation has one number and one idempotency key, however often it is sent.

    {"type": "invoke", "op": 7, "try": 0, "at": NANOSECONDS, "session": "a1#0", "act": "book", "slot": "F 2026-06-20", …}
    {"type": "ok", "op": 7, "try": 0, "at": NANOSECONDS, "status": 201, "sum": DIGEST, "value": {"id": "08V…"}}

`at` is the monotonic clock of the one machine all clients run on."""
import json
import threading
import time

FOREVER = 1 << 62


class History:
    """Writes the log; any thread may call."""

    def __init__(self, path):
        self.path = path
        self.file = open(path, "w", encoding="utf-8")
        self.lock = threading.Lock()
        self.count = 0

    def number(self):
        with self.lock:
            self.count += 1
            return self.count

    def write(self, kind, op, attempt, **what):
        line = {"type": kind, "op": op, "try": attempt, "at": time.monotonic_ns(), **what}
        with self.lock:
            self.file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def close(self):
        self.file.close()


class Operation:
    """One wish of one client, with all its attempts put together."""

    def __init__(self, line):
        self.number = line["op"]
        self.session, self.act = line["session"], line["act"]
        self.slot = line.get("slot")      # what it takes
        self.target = line.get("target")  # the booking, wish or offer it is about
        self.begin, self.end = line["at"], FOREVER
        self.outcome, self.status, self.value = "info", 0, {}
        self.sums = set()  # of the definite answers: one key, one answer
        self.attempts = 0
        self.unknown = 0  # attempts nobody knows the end of

    def answered(self, line):
        if line["type"] == "info":
            self.unknown += 1
            return
        self.sums.add((line["status"], line.get("sum")))
        if self.outcome == "info":
            self.outcome, self.status, self.end = line["type"], line["status"], line["at"]
            self.value = line.get("value") or {}

    @property
    def ok(self):
        return self.outcome == "ok"

    def __repr__(self):
        return f"#{self.number} {self.session} {self.act} {self.slot or ''} {self.target or ''} {self.outcome} {self.value}"


def read_lines(lines):
    """Operations in the order in which they began."""
    found = {}
    for line in lines:
        if line["type"] == "invoke":
            op = found.get(line["op"])
            if op is None:
                op = found[line["op"]] = Operation(line)
            op.attempts += 1
        else:
            found[line["op"]].answered(line)
    return sorted(found.values(), key=lambda op: op.begin)


def read(path):
    with open(path, encoding="utf-8") as file:
        return read_lines(json.loads(line) for line in file)
