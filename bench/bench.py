#!/usr/bin/env python3
"""bench/bench.py [--short] [--json FILE] [--nation] [--flat 10M] [--build BUILD]: how fast the release binary is beside what this machine can do.

Absolute figures depend on the machine and on whatever else it does; the ratios, each taken from neighbouring moments of
one run, are what to compare. Seeds a city, starts the real server on it (SQLite, then PostgreSQL), asks for pages,
quotes and bookings at 1, 64 and 1,000 connections, and measures nginx, raw group commits and pgbench in between.
Bookings are counted as rows found in the database afterwards, never as answers alone."""
import argparse
import datetime
import functools
import importlib
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import flat  # noqa: E402
import nation  # noqa: E402
import offers  # noqa: E402
import overload  # noqa: E402
import pages  # noqa: E402
import signed  # noqa: E402
import signin  # noqa: E402
import writes  # noqa: E402
from server import ROOT, City, of_tests  # noqa: E402

# Further rows: modules beside this one, each with `rows(bench, city, server)`, called once an engine, after pages and
# quotes and before bookings fill the city. bench.note() prints and keeps a row ("rps" is its least), bench.figures is
# merged into the JSON, bench.goals holds (name, value, ">=" or "<=", goal) for the last lines; bench.short and
# bench.seconds say how long.
MODULES = ("quote", "overload")
TEN_MILLION_GB = 20
KEEPER = of_tests("torture/keeper.py")


HEADS = (f"{'what':32} {'engine':10} {'conn':>5} {'per s':>9} {'p50 ms':>9} {'p99 ms':>9} {'p99.9 ms':>9} {'CPU µs':>8} "
         f"{'db µs':>7} {'MB':>6} {'bytes':>7} {'ratio':>6}  beside")


class Bench:
    def __init__(self, args, folder):
        self.build, self.folder, self.short = pathlib.Path(args.build).resolve(), folder, args.short
        self.nation, self.flat = args.nation, args.flat
        self.seconds = 1 if args.short else 2
        self.rounds = 1 if args.short else 3  # at 64 connections on SQLite, where the goals are
        self.people = (300, 1000, 77) if args.short else (2000, 3000, 385)  # residents, bookers, pairs
        self.shape = None  # of a booking's writes (limits.Shape), once learned
        self.rows, self.found, self.figures, self.goals, self.failed = [], {}, {}, [], []

    def note(self, what, engine, connections, result):
        """One row of the table: printed, and kept for the JSON."""
        row = {"what": what, "engine": engine, "connections": connections,
               **{key: round(value, 4) if isinstance(value, float) else value for key, value in result.items()}}
        self.rows.append(row)

        def figure(key, width, places):
            return f"{row[key]:{width}.{places}f}" if key in row else " " * width
        print(f"{what:32} {engine:10} {connections:5} {figure('rps', 9, 0)} {figure('p50_ms', 9, 2)} "
              f"{figure('p99_ms', 9, 2)} {figure('p999_ms', 9, 2)} {figure('cpu_us', 8, 1)} "
              f"{figure('database_cpu_us', 7, 1)} {figure('rss_mb', 6, 1)} {figure('bytes_each', 7, 0)} "
              f"{figure('ratio', 6, 2)}  {row.get('note', '')}", flush=True)
        return row

    def starts(self, city):
        """Seconds from exec to the first page, the median of three."""
        times = []
        for _ in range(3):
            server = city.serve()
            times.append(server.start_s)
            server.stop()
        return statistics.median(times)

    def attempt(self, what, rows, *args):
        """What goes wrong in one row costs none of the others."""
        try:
            rows(*args)
        except Exception as fault:  # pylint: disable=broad-except
            self.failed.append(f"{what}: {type(fault).__name__}: {fault}")
            print(f"# FAILED: {self.failed[-1]}", flush=True)
            traceback.print_exc(file=sys.stderr)

    def serving(self, city, work):
        """A server of its own for some work, another if it breaks down; the most memory it had is remembered."""
        server = city.serve()
        try:
            self.found.setdefault(("idle_mb", city.engine), server.memory_mb("VmRSS"))
            for rows in work:
                self.attempt(f"{city.engine}: {rows.__module__}.{rows.__name__}", rows, self, city, server)
                if server.child.poll() is not None:
                    server = city.serve()
            most = max(server.memory_mb("VmHWM"), self.found.get(("rss_mb", city.engine), 0))
            self.found[("rss_mb", city.engine)] = most
        finally:
            server.stop()

    def engine(self, engine, cluster):
        city = City(self.build, self.folder / engine, engine, cluster, self.people)
        print(f"# {engine}: {city.says}", flush=True)
        self.found[("start_s", engine)] = self.starts(city)
        self.attempt(f"{engine}: a booking's writes", writes.learn, self, city)
        more = [importlib.import_module(name).rows for name in MODULES]
        self.serving(city, [pages.rows, writes.quotes, *more, offers.rows, signed.rows])
        self.attempt(f"{engine}: sign-in", signin.rows, self, city)
        self.serving(city, [writes.bookings])

    def run(self, only, keeper):
        print(HEADS)
        parts = {"engines": self.engine, "overload": functools.partial(overload.alone, self) if only else None,
                 "nation": functools.partial(nation.rows, self)}
        if only != "flat":
            cluster = of_tests("run.py").Cluster()
            keeper.folder(cluster.folder)
            with cluster as address:
                for name, part in parts.items():
                    for engine in ("postgresql", "sqlite") if part and only in (None, name) else ():
                        self.attempt(f"{engine}: {name}", part, engine, address)
        if only in (None, "flat"):
            self.attempt("flat", flat.rows, self)

    # ---- the report ----

    def report(self):
        """What was found; a row that failed is missing, and named in "failed"."""
        def some(row, **names):
            return {name: row[key] for name, key in names.items() if key in row}

        def page(name):
            return some(self.found.get((name, "sqlite", 64), {}), rps="rps", ratio_to_nginx="ratio", p99_ms="p99_ms")

        def booking(engine, limit):
            row = self.found.get(("booking", engine, 64), {})
            return some(row, **{"rps": "rps", limit: "ratio", "p99_ms": "p99_ms", "pgbench_p99_ms": "limit_p99_ms",
                                "p99_to_pgbench": "p99_ratio"})

        alone = (("rss_mb", "rss_mb", "sqlite"), ("rss_idle_mb", "idle_mb", "sqlite"), ("rss_postgresql_mb", "rss_mb", "postgresql"),
                 ("start_s", "start_s", "sqlite"), ("start_postgresql_s", "start_s", "postgresql"))
        return {"commit": commit(), "date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
                "machine": machine(), "short": self.short,
                "vacancy_page": page("vacancy page"), "logged_in_page": page("logged-in own page"),
                "logged_in_vacancy_page": page("logged-in vacancy page"),
                "booking_sqlite": booking("sqlite", "ratio_to_group_commit"),
                "booking_postgresql": booking("postgresql", "ratio_to_pgbench"),
                "booking_writes": self.shape.says() if self.shape else "",
                **{name: self.found[(what, engine)] for name, what, engine in alone if (what, engine) in self.found},
                **self.figures,
                "failed": self.failed, "rows": self.rows}


def commit():
    done = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty", "--abbrev=12"],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return done.stdout.decode().strip() or "unknown"


def machine():
    model = [line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8") if "model name" in line]
    return f"{os.cpu_count()} x {model[0] if model else 'CPU'}, {os.uname().sysname} {os.uname().release}"


GOALS = (("vacancy page / nginx", ("vacancy_page", "ratio_to_nginx"), ">=", 0.8),
         ("logged-in own page / nginx", ("logged_in_page", "ratio_to_nginx"), ">=", 0.25),
         ("logged-in vacancy page / nginx", ("logged_in_vacancy_page", "ratio_to_nginx"), ">=", 0.25),
         ("bookings / raw group commits", ("booking_sqlite", "ratio_to_group_commit"), ">=", 0.5),
         ("bookings / pgbench", ("booking_postgresql", "ratio_to_pgbench"), ">=", 0.5),
         ("p99 of a booking, 64 writers, ms", ("booking_sqlite", "p99_ms"), "<=", 50),
         ("the same on PostgreSQL, ms", ("booking_postgresql", "p99_ms"), "<=", 50),
         ("the same / pgbench's own p99", ("booking_postgresql", "p99_to_pgbench"), "<=", 1),
         ("memory at most, MB", ("rss_mb",), "<=", 64), ("start, s", ("start_s",), "<=", 0.2))


def verdicts(report, more, whole=True):
    """The goals, and whether this run met them: for people, nothing fails by it."""
    def value_at(path):
        return functools.reduce(lambda part, key: part.get(key, {}), path, report)
    print()
    for name, value, way, goal in [(name, value_at(path), way, goal) for name, path, way, goal in GOALS] + more:
        if value == {}:
            if whole:
                print(f"{name:36} {'-':>8}  goal {way} {goal:<6} not measured")
            continue
        met = value >= goal if way == ">=" else value <= goal
        print(f"{name:36} {value:8.3f}  goal {way} {goal:<6} {'met' if met else 'missed'}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--json")
    parser.add_argument("--nation", action="store_true", help="every birth of the nation on PostgreSQL too")
    parser.add_argument("--flat", choices=("1M", "10M"), default="1M", help="bookings at most where costs are compared")
    parser.add_argument("--only", choices=("engines", "overload", "nation", "flat"), help="a part")
    parser.add_argument("--build", default=str(ROOT / "build"))
    args = parser.parse_args()
    KEEPER.must_be_writable(parser, args.json)
    room = shutil.disk_usage(tempfile.gettempdir()).free >> 30
    if args.flat == "10M" and room < TEN_MILLION_GB:
        parser.error(f"10M needs {TEN_MILLION_GB} GB in {tempfile.gettempdir()}, where {room} are free")
    return args


def main():
    tempfile.tempdir = os.environ.get("TMPDIR", "/var/tmp")  # /tmp may be memory, where nothing needs to be durable
    args = arguments()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, hard) if hard > 0 else soft, hard))
    keeper = KEEPER.Keeper()
    KEEPER.leave_when_told()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sango-bench-"))
    keeper.folder(folder)
    bench = Bench(args, folder)
    try:
        bench.run(args.only, keeper)
    finally:
        keeper.close()
    report = bench.report()
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    verdicts(report, bench.goals, args.only is None)
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
