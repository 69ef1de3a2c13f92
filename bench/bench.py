#!/usr/bin/env python3
"""bench/bench.py [--short] [--json FILE] [--build BUILD]: how fast the release binary is beside what this machine can do.

Absolute figures depend on the machine and on whatever else it does; the ratios, each taken from neighbouring moments of
one run, are what to compare. Seeds a city, starts the real server on it (SQLite, then PostgreSQL), asks for pages,
quotes and bookings at 1, 64 and 1,000 connections, and measures nginx, raw group commits and pgbench in between.
Bookings are counted as rows found in the database afterwards, never as answers alone."""
import argparse
import datetime
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

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import load  # noqa: E402
from server import ROOT, City, Nginx, fetch, tests_run  # noqa: E402

CONNECTIONS = (1, 64, 1000)
VISITS = {1: (0,), 64: (1, 2, 3, 4), 1000: (5, 6)}
PAGE = "/search?care=day"

# Further rows: modules beside this one, each with `rows(bench, city, server)`, called once an engine, after pages and
# quotes and before bookings fill the city. bench.note() prints and keeps a row ("rps" is its least), bench.figures is
# merged into the JSON, bench.goals holds (name, value, ">=" or "<=", goal) for the last lines; bench.short and
# bench.seconds say how long.
MODULES = ("quote",)


class Bench:
    def __init__(self, args, folder):
        self.build, self.folder, self.short = pathlib.Path(args.build).resolve(), folder, args.short
        self.seconds = 1 if args.short else 2
        self.rounds = 1 if args.short else 3  # at 64 connections, where the goals are
        self.people = (300, 1000) if args.short else (2000, 3000)
        self.rows, self.found, self.figures, self.goals = [], {}, {}, []

    def note(self, what, engine, connections, result):
        row = {"what": what, "engine": engine, "connections": connections, **result}
        self.rows.append(row)
        ratio = f"{row['ratio']:8.2f}" if "ratio" in row else " " * 8
        print(f"{what:28} {engine:10} {connections:5} {row['rps']:10.0f} {row.get('p50_ms', 0):9.2f} "
              f"{row.get('p99_ms', 0):9.2f} {row.get('p999_ms', 0):9.2f} {row.get('cpu_us', 0):8.1f} {ratio}  "
              f"{row.get('note', '')}", flush=True)
        return row

    # ---- pages ----

    def pages(self, city, server):
        today = datetime.date.today()
        span = f"from={today + datetime.timedelta(days=2)}&to={today + datetime.timedelta(days=15)}"
        cookie = {"Cookie": "sango=" + city.bookers[0][1]}
        bearer = {"Authorization": "Bearer " + city.bookers[0][0]}
        kinds = [("vacancy page", PAGE, None), ("vacancy API", "/api/v1/vacancies?care=day&" + span, None),
                 ("logged-in vacancy page", PAGE, cookie), ("logged-in own page", "/me", cookie),
                 ("logged-in API /me", "/api/v1/me", bearer)]
        return [kind for kind in kinds if fetch(server.port, kind[1], kind[2])[0] == 200]

    def page(self, city, server, nginx, kind, connections):
        """nginx and ours in turn, round by round; the median of the ratios and of everything else."""
        what, path, headers = kind
        rounds = []
        for _ in range(self.rounds if connections == 64 else 1):
            limit = load.wrk(nginx, self.folder, "/page.html", connections, self.seconds)
            ours = load.wrk(server, self.folder, path, connections, self.seconds, headers)
            ours["ratio"], ours["limit_rps"] = ours["rps"] / limit["rps"], limit["rps"]
            rounds.append(ours)
        result = {key: statistics.median(one[key] for one in rounds) for key in rounds[0]}
        bad = sum(one["refused"] + one["errors"] for one in rounds)
        result["note"] = f"nginx {result['limit_rps']:.0f}/s" + (f", {bad} refused or failed" if bad else "")
        return self.note(what, city.engine, connections, result)

    def reading(self, city, server):
        for kind in self.pages(city, server):
            nginx = Nginx(self.folder, fetch(server.port, kind[1], kind[2])[1])
            for connections in CONNECTIONS:
                row = self.page(city, server, nginx, kind, connections)
                if connections == 64:
                    self.found[(kind[0], city.engine)] = row
            nginx.stop()
            shutil.rmtree(self.folder / "nginx")

    # ---- writing ----

    def quotes(self, city, server):
        requests = load.write_list(self.folder / "quotes", load.quotes(city))
        for connections in CONNECTIONS:
            result = load.client(self.build, server, requests, connections, self.seconds, again=True)
            result["note"] = statuses(result)
            self.note("quote", city.engine, connections, result)

    def bookings(self, city, server):
        """Returns how many bookings are in the database that were not there before."""
        all_of_them = 0
        for connections in CONNECTIONS:
            requests = load.write_list(self.folder / "bookings", load.bookings(city, VISITS[connections]))
            before = city.bookings()
            result = load.client(self.build, server, requests, connections, self.seconds * 2)
            rows = city.bookings() - before
            all_of_them += rows
            acknowledged = result["statuses"].get("201", 0)
            result["rps"] = rows / result["seconds"]
            result["note"] = f"{statuses(result)}; {rows} rows"
            if rows != acknowledged:
                result["note"] += f", BUT {acknowledged} ACKNOWLEDGED"
            self.found[("booking", city.engine, connections)] = result
            self.note("booking", city.engine, connections, result)
        return all_of_them

    def limits(self, cluster, rows):
        for writers in (1, 64):
            rate = load.group_commits(self.build, self.folder, writers, self.seconds, rows)
            self.limit(("booking", "sqlite", writers), "raw group commit", "sqlite", rate, rows)
            rate = load.pgbench(cluster, self.folder, writers, self.seconds, rows)
            self.limit(("booking", "postgresql", writers), "pgbench", "postgresql", rate, rows)

    def limit(self, key, what, engine, rate, rows):
        self.found[key]["ratio"] = self.found[key]["rps"] / rate
        self.note(what, engine, key[2], {"rps": rate, "note": f"{rows} rows a transaction; bookings are "
                                                              f"{self.found[key]['ratio']:.2f} of it"})

    # ---- all ----

    def engine(self, engine, cluster):
        city = City(self.build, self.folder / engine, engine, cluster, self.people)
        print(f"# {engine}: {city.says}", flush=True)
        starts = []
        for _ in range(3):
            server = city.serve()
            starts.append(server.start_s)
            server.stop()
        server = city.serve()
        try:
            self.found[("idle_mb", engine)] = server.memory_mb("VmRSS")
            self.reading(city, server)
            self.quotes(city, server)
            for name in MODULES:
                importlib.import_module(name).rows(self, city, server)
            before = city.row_writes() if engine == "postgresql" else 0
            made = self.bookings(city, server)
            self.found[("rss_mb", engine)] = server.memory_mb("VmHWM")
        finally:
            server.stop()
        self.found[("start_s", engine)] = statistics.median(starts)
        if engine == "postgresql":
            return round((city.row_writes() - before) / max(1, made))
        return 0

    def run(self):
        print(f"{'what':28} {'engine':10} {'conn':>5} {'per s':>10} {'p50 ms':>9} {'p99 ms':>9} {'p99.9 ms':>9} "
              f"{'CPU µs':>8} {'ratio':>8}")
        with tests_run().Cluster() as cluster:
            rows = self.engine("postgresql", cluster)
            self.engine("sqlite", cluster)
            self.limits(cluster, rows)

    # ---- the report ----

    def report(self):
        def page(name):
            row = self.found.get((name, "sqlite"), {})
            return {"rps": row.get("rps"), "ratio_to_nginx": row.get("ratio"), "p99_ms": row.get("p99_ms")}

        def booking(engine, limit):
            row = self.found[("booking", engine, 64)]
            return {"rps": row["rps"], limit: row["ratio"], "p99_ms": row["p99_ms"]}
        logged_in = "logged-in own page" if ("logged-in own page", "sqlite") in self.found else "logged-in vacancy page"
        return {"commit": commit(), "date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
                "machine": machine(), "short": self.short,
                "vacancy_page": page("vacancy page"), "logged_in_page": page(logged_in),
                "booking_sqlite": booking("sqlite", "ratio_to_group_commit"),
                "booking_postgresql": booking("postgresql", "ratio_to_pgbench"),
                "rss_mb": self.found[("rss_mb", "sqlite")], "rss_idle_mb": self.found[("idle_mb", "sqlite")],
                "start_s": self.found[("start_s", "sqlite")], **self.figures, "rows": self.rows}


def statuses(result):
    said = ", ".join(f"{count} x {status}" for status, count in sorted(result["statuses"].items()))
    lost = result["errors"] + result["unanswered"]
    return said + (f", {lost} without an answer" if lost else "")


def commit():
    done = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty", "--abbrev=12"],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return done.stdout.decode().strip() or "unknown"


def machine():
    model = [line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8") if "model name" in line]
    return f"{os.cpu_count()} x {model[0] if model else 'CPU'}, {os.uname().sysname} {os.uname().release}"


def verdicts(report, more):
    """The goals, and whether this run met them: for people, nothing fails by it."""
    goals = [("vacancy page / nginx", report["vacancy_page"]["ratio_to_nginx"], ">=", 0.8),
             ("logged-in page / nginx", report["logged_in_page"]["ratio_to_nginx"], ">=", 0.25),
             ("bookings / raw group commit", report["booking_sqlite"]["ratio_to_group_commit"], ">=", 0.5),
             ("bookings / pgbench", report["booking_postgresql"]["ratio_to_pgbench"], ">=", 0.5),
             ("p99 of a booking, 64 writers, ms", report["booking_sqlite"]["p99_ms"], "<=", 50),
             ("memory at most, MB", report["rss_mb"], "<=", 64), ("start, s", report["start_s"], "<=", 0.2), *more]
    print()
    for name, value, way, goal in goals:
        met = value >= goal if way == ">=" else value <= goal
        print(f"{name:36} {value:8.3f}  goal {way} {goal:<6} {'met' if met else 'missed'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--json")
    parser.add_argument("--build", default=str(ROOT / "build"))
    args = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, hard) if hard > 0 else soft, hard))
    tempfile.tempdir = os.environ.get("TMPDIR", "/var/tmp")  # /tmp may be memory, where nothing needs to be durable
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sango-bench-"))
    bench = Bench(args, folder)
    try:
        bench.run()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report = bench.report()
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    verdicts(report, bench.goals)


if __name__ == "__main__":
    main()
