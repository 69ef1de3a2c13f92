"""A nation on one server: 1,700 cities with three facilities each and half a year of births, bookings of all cities mixed.

On SQLite every one of 700,000 births a year is registered where there is room for it, on PostgreSQL with NATION=1;
otherwise one in ten. Made by bench/clone.py from one seeded city."""
import json
import random
import shutil

import clone
import load
import pages
from server import CITY, City

CITIES, BIRTHS, DAYS, FACILITIES, BOOKERS = 1700, 700_000, 183, 3, 20
ROOM_GB = 12  # of which all births take less than half on SQLite


class Nation(City):
    """A pattern city and its copies in as many cities."""

    def __init__(self, build, folder, engine, cluster, count, *pattern):
        super().__init__(build, folder, engine, cluster, *pattern)
        self.codes = ["hirakata"] + [f"c{number:04}" for number in range(1, count)]
        self.cities = [CITY] + [self.profile(code) for code in self.codes[1:]]
        self.serve().stop()  # which gives each city its row
        clone.nation(self)

    def profile(self, code):
        path = self.folder / f"{code}.json"
        profile = json.loads(CITY.read_text(encoding="utf-8"))
        profile |= {"code": code, "name": f"計測{code[1:]}市"}
        path.write_text(json.dumps(profile, ensure_ascii=False), encoding="utf-8")
        return path

    def mixed(self, make):
        """make(code, booker) for each booker of each city, in an order that is the same in every run."""
        requests = [make(code, n) for code in self.codes for n in range(len(self.bookers))]
        random.Random(1).shuffle(requests)
        return requests


def ask(bench, city, server, what, requests, again=True):
    requests = load.write_list(bench.folder / "nation-requests", requests)
    result = load.client(bench.build, server, requests, 64, bench.seconds * (1 if again else 2), again=again)
    result["note"] = load.statuses(result)
    return bench.note("nation: " + what, city.engine, 64, result)


def booking(city, code, booker):
    return load.post(f"/c/{code}/api/v1/bookings", city.bookers[booker][0], load.use_of(city, booker, 0),
                     f"nation-{booker}")


def reading(bench, city, server):
    result = load.wrk(server, bench.folder, "/c/hirakata" + pages.PAGE, 64, bench.seconds)
    result["note"] = "one of them"
    bench.note("nation: vacancy page", city.engine, 64, result)
    ask(bench, city, server, "vacancy page, all cities", city.mixed(lambda code, n: load.get(f"/c/{code}{pages.PAGE}")))
    ask(bench, city, server, "own page, all cities",
        city.mixed(lambda code, n: load.get(f"/c/{code}/me", {"Cookie": "sango=" + city.bookers[n][1]})))


def whole(bench, engine):
    """Whether every birth is registered."""
    room = shutil.disk_usage(bench.folder).free >> 30
    return bench.nation or engine == "sqlite" and not bench.short and room >= ROOM_GB


def rows(bench, engine, cluster):
    count = 20 if bench.short else CITIES
    registered = BIRTHS * DAYS // 365 // CITIES // (1 if whole(bench, engine) else 10)
    city = Nation(bench.build, bench.folder / f"nation_{engine}", engine, cluster, count, (registered, BOOKERS, 0),
                  FACILITIES, DAYS)
    says = (f"{count} cities, {count * FACILITIES} facilities, {count * registered} residents, "
            f"{count * BOOKERS} bookers, {city.bookings()} bookings")
    print(f"# {engine}: nation of {says}", flush=True)
    start = bench.starts(city)
    server = city.serve()
    try:
        idle = server.memory_mb("VmRSS")
        reading(bench, city, server)
        before = city.bookings()
        row = ask(bench, city, server, "booking, all cities",
                  city.mixed(lambda code, n: booking(city, code, n)), again=False)
        made = city.bookings() - before
        if not load.kept(row, made, row["statuses"].get("201", 0)):
            raise RuntimeError(f"{made} bookings are there of {row['statuses']}")
        most = server.memory_mb("VmHWM")
    finally:
        server.stop()
    print(f"# {engine}: nation starts in {start:.3f} s with {idle:.0f} MB; {most:.0f} MB at most", flush=True)
    bench.figures.setdefault("nation", {})[engine] = {
        "says": says, "start_s": round(start, 3), "rss_idle_mb": round(idle, 1), "rss_mb": round(most, 1)}
    city.drop()
