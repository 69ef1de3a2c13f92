"""The rows of bookings once more and nothing else: the limit that bookings on SQLite are measured by.

The database as it was before a round of bookings is kept. After the round every row that the bookings left, in whichever
table and with whatever it says, is written into copies of it by bench_group_commit: the same tables and indexes with the
same neighbours, the same people in the same order, as many bookings to a commit as there were writers."""
import contextlib
import os
import shutil
import signal
import subprocess

from server import sqlite

REPEATED = 3
# A number for each new booking, and which one it is of its person: `new` of every question.
NEW = """WITH new AS (SELECT row_number() OVER (ORDER BY rowid) AS n, row_number() OVER (PARTITION BY account ORDER BY rowid)
 AS nth, * FROM booking WHERE rowid > {booking})"""
OF_BOOKING = "{0} t ON t.city = new.city AND t.booking = new.id"
# As a notice is when it is written: mails may have gone out since.
UNSENT = {"state": "CASE WHEN t.by_mail THEN 'waiting' ELSE 'sent' END", "attempts": "0", "next_at": "t.created_at",
          "sent_at": "CASE WHEN t.by_mail THEN NULL ELSE t.created_at END", "fault": "NULL", "read_at": "NULL"}
# What a booking inserts and changes, in the order in which the program does.
WRITES = (
    ("insert", "idem", """(SELECT *, row_number() OVER (PARTITION BY actor ORDER BY rowid) AS nth FROM idem
        WHERE rowid > {idem} AND status BETWEEN 200 AND 299) t ON t.city = new.city AND t.actor = new.account AND t.nth = new.nth"""),
    ("insert", "booking", "booking t ON t.city = new.city AND t.id = new.id"),
    ("insert", "booking_line", OF_BOOKING.format("booking_line")),
    ("change", "UPDATE slot SET taken = taken + 1 WHERE city = ? AND facility = ? AND care = ? AND day = ?",
     ("city", "facility", "care", "day"), OF_BOOKING.format("booking_night") + " AND t.borrowed = 0"),
    ("insert", "booking_night", OF_BOOKING.format("booking_night")),
    ("change", "UPDATE grant_pool SET booked = booked + ?, used = used + ? WHERE city = ? AND registration = ? AND pool = ?",
     ("reserved", "used", "city", "registration", "pool"), OF_BOOKING.format("booking_pool")),
    ("insert", "booking_pool", OF_BOOKING.format("booking_pool")),
    ("insert", "booking_event", OF_BOOKING.format("booking_event")),
    ("insert", "audit", """(SELECT * FROM audit WHERE rowid > {audit} AND object = 'booking') t
        ON t.city = new.city AND t.object_id = new.id"""),
    ("insert", "notice", """(SELECT * FROM notice WHERE rowid > {notice}) t
        ON t.city = new.city AND t.cause = 'booking:' || new.id || ':1'"""),
)
LAST = ("booking", "idem", "audit", "notice")


def script(connection, last):
    """Pairs of lines as bench_group_commit reads them."""
    lines = []
    for how, what, *rest in WRITES:
        if how == "insert":
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({what})")]
            values = [UNSENT.get(name, f"t.{name}") if what == "notice" else f"t.{name}" for name in columns]
            statement = f"INSERT INTO {what} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        else:
            statement, values = what, [f"t.{name}" for name in rest[0]]
        question = f"{NEW} SELECT new.n, {', '.join(values)} FROM new JOIN {rest[-1]} ORDER BY new.n".format(**last)
        lines += [" ".join(question.split()), statement]
    return "\n".join(lines) + "\n"


def copied(source, target):
    """A copy on the disk, so that nobody writes it while something is measured."""
    for old in (target, target.with_name(target.name + "-wal"), target.with_name(target.name + "-shm")):
        old.unlink(missing_ok=True)
    shutil.copy(source, target)
    with open(target, "rb+") as file:
        os.fsync(file.fileno())


class Before:
    """A city's database as it is now, before a round of bookings."""

    def __init__(self, bench, city):
        self.bench, self.live = bench, city.folder / "sango.db"
        self.kept, self.copy = bench.folder / "before.db", bench.folder / "limit.db"
        self.kept.unlink(missing_ok=True)
        with sqlite(f"file:{self.live}?mode=ro", uri=True) as live, sqlite(self.kept) as kept:
            live.backup(kept)
            self.last = {table: kept.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0]
                         for table in LAST}

    def group_commits(self, server, writers):
        """What was booked since, once more: the best of some runs, "rps", with its "cpu_us" and "frames" (pages of the
        log) a booking. The server stands still meanwhile, as mails it has to send would be in the way."""
        path = self.bench.folder / "group_commit.sql"
        found = []
        with stopped(server):
            with sqlite(f"file:{self.live}?mode=ro", uri=True) as connection:
                path.write_text(script(connection, self.last))
            for _ in range(REPEATED):
                copied(self.kept, self.copy)
                said = subprocess.run([self.bench.build / "bench" / "bench_group_commit", self.copy, self.live, path,
                                       str(writers)], stdout=subprocess.PIPE, check=True)
                found.append(dict(zip(("rps", "cpu_us", "frames"), map(float, said.stdout.split()))))
            self.prove()
        return max(found, key=lambda one: one["rps"])

    def prove(self):
        """The limit wrote what the program wrote: as many rows in each table, and no promise is broken."""
        tables = [what for how, what, *_ in WRITES if how == "insert"]
        with sqlite(self.live) as live, sqlite(self.copy) as copy:
            for table in tables:
                where = " WHERE status BETWEEN 200 AND 299" if table == "idem" else " WHERE object = 'booking'" \
                    if table == "audit" else ""
                counts = [db.execute(f"SELECT count(*) FROM {table}{where}").fetchone()[0] for db in (live, copy)]
                if counts[0] != counts[1]:
                    raise RuntimeError(f"the limit wrote other rows into {table}: {counts[1]} instead of {counts[0]}")


@contextlib.contextmanager
def stopped(server):
    server.child.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        server.child.send_signal(signal.SIGCONT)
