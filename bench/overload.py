"""More than can be done: requests fall due at ten times the rate that was served at most, whatever the server does.
What is still served, beside that most (goodput), and how quickly the rest is told to come again.

The server gets one core and the load another, in both measurements: else ten times the load would take the time of what
it loads. The peak is that of a closed loop at 64 connections. Times of what was turned away count from when it was
sent; a client with no free connection has not sent."""
import os
import pathlib

import load
import signin
from server import FACILITIES, City

TIMES, CONNECTIONS = 10, 3000
GOAL = 0.9
SPARE = 1.5  # bookings there are to make, beside those that the peak would make


def pin(pid, cores):
    for thread in pathlib.Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), cores)


def reads(city, folder):
    """Name and requests of what is only read, by people signed in."""
    own = [load.get("/api/v1/bookings", {"Authorization": f"Bearer {token}"}) for token, *_ in city.bookers]
    search = [load.get("/search", {"Cookie": f"sango={token}"}) for token, *_ in city.bookers]
    return [("overload: own bookings", load.write_list(folder / "own-bookings", own)),
            ("overload: search, signed in", load.write_list(folder / "searches", search))]


def note(bench, city, name, peak, flood, served):
    """`peak` and `served` a second; what a served one cost includes turning the others away."""
    share = served / peak["served"] if peak["served"] else 0
    each = flood["cpu_us"] * flood["answered"] / max(1, load.served(flood))
    bench.note(name, city.engine, CONNECTIONS, flood | {
        "rps": served, "ratio": share, "p50_ms": flood["shed_sent_p50_ms"], "p99_ms": flood["shed_sent_p99_ms"],
        "note": f"peak {peak['served']:.0f}/s; CPU {peak['cpu_us']:.0f}, now {each:.0f} µs for one served; "
                f"times of the 503s; {load.statuses(flood)}{', AND NONE LEFT TO ASK' if flood.get('ended') else ''}"})
    return {"peak_rps": peak["served"], "offered_rps": TIMES * peak["served"], "served_rps": served,
            "goodput": round(share, 3), "goodput_by_cpu": round(peak["cpu_us"] / each, 3) if each else 0,
            "shed": flood["statuses"].get("503", 0), "shed_p99_ms": flood["shed_sent_p99_ms"],
            "lost": flood["errors"] + flood["unanswered"]}


def flooded(bench, own, requests, peak, seconds=None, again=True):
    return load.client(bench.build, own, requests, CONNECTIONS, seconds or bench.seconds * 2, again=again,
                       rate=int(peak * TIMES))


def read(bench, city, own, name, requests):
    peak = load.client(bench.build, own, requests, 64, bench.seconds, again=True)
    peak["served"] = peak["rps"]
    flood = flooded(bench, own, requests, peak["served"])
    return note(bench, city, name, peak, flood, flood["in_time"] / flood["window_s"])


def sign_in(bench, city, own):
    """Two at once and 20 ms each: the one line that is full even so, and tells most of them to come again. Every try has
    an address of its own."""
    city.settle()
    people = bench.people[0] + bench.people[1]
    asks = [signin.ask(n, n % people) for n in range(3 * people)]
    peak = load.client(bench.build, own, load.write_list(bench.folder / "sign-in-peak", asks[:people]), 64, bench.seconds)
    peak["served"] = peak["rps"]
    flood = flooded(bench, own, load.write_list(bench.folder / "sign-in-flood", asks[people:]), peak["served"])
    return note(bench, city, "overload: sign-in", peak, flood, flood["in_time"] / flood["window_s"])


def booked(bench, city, own, name, visits):
    """A closed loop; `served` counts rows found afterwards: a key sent again is answered from the store and is no
    booking."""
    before = city.bookings()
    run = load.client(bench.build, own, load.write_list(bench.folder / name, load.bookings(city, visits)), 64,
                      bench.seconds)
    return run | {"served": (city.bookings() - before) / run["seconds"]}


def book(bench, city, own):
    """The peak is the mean of before and after: with each visit a person has more that a booking of hers looks at.
    Every booking is asked for once, and the flood is over before they run out: what is sent again makes no row."""
    early = booked(bench, city, own, "early", (0,))
    between = city.bookings()
    asks = load.bookings(city, range(1, 6))
    enough = (len(asks) - min(CONNECTIONS, len(asks) / 2)) / (SPARE * max(1, early["served"]))
    flood = flooded(bench, own, load.write_list(bench.folder / "flood", asks), early["served"],
                    min(bench.seconds * 2, enough), again=False)
    flood["ended"] = flood["answered"] == len(asks)
    found = (city.bookings() - between) * flood["in_time"] / max(1, load.served(flood))
    late = booked(bench, city, own, "late", (6,))
    peak = early | {key: (early[key] + late[key]) / 2 for key in ("served", "cpu_us")}
    return note(bench, city, "overload: booking", peak, flood, found / flood["window_s"])


def rows(bench, city, _server):
    """A short run keeps to bookings on SQLite."""
    if not bench.short or city.engine == "sqlite":
        alone(bench, city.engine, city.cluster)


def alone(bench, engine, cluster):
    """In a city of its own, because bookings stay."""
    cores = sorted(os.sched_getaffinity(0))
    residents, bookers, pairs = bench.people
    city = City(bench.build, bench.folder / f"overload_{engine}", engine, cluster, (residents, 2 * bookers, pairs),
                2 * FACILITIES)
    own = city.serve("workers = 8\ntrusted_proxy = 127.0.0.1\n")
    try:
        if len(cores) > 1:
            pin(own.child.pid, {cores[0]})
            os.sched_setaffinity(0, {cores[1]})
        more = [] if bench.short else reads(city, bench.folder)
        found = {name: read(bench, city, own, name, requests) for name, requests in more}
        found["overload: booking"] = book(bench, city, own)
        found["overload: sign-in"] = sign_in(bench, city, own)
    finally:
        os.sched_setaffinity(0, set(cores))
        own.stop()
    bench.figures.setdefault("overload", {})[city.engine] = found
    for name, row in found.items():
        bench.goals.append((f"{name} / peak, {engine}", row["goodput"], ">=", GOAL))
    slowest = max(row["shed_p99_ms"] for row in found.values())
    bench.goals.append((f"overload: p99 of a 503, {engine}, ms", slowest, "<=", 50))
