"""Does a request cost the same whatever else the server holds? Processor time a request (the server's own clock, not the
wall's) for pages that show the same rows and for a booking, on SQLite:
11 facilities on the server, then 1,100 (a hundred cities; and one city, by ward);
about 1,000 bookings in the city, then 100,000 and 1,000,000 (FLAT=10M: 10,000,000 as well), by copies of its past.
Beside each stands a server of the first kind, asked the same in turn, so that whatever else the machine does disturbs
both. Each question is asked in several short rounds; the cheapest counts, as what disturbs only adds."""
import itertools

import clone
import load
import pages
from nation import Nation
from server import City

BASE = "/c/hirakata"
WARD = "/search?care=day&ward=%E5%8C%97%E9%83%A8"
PEOPLE = (340, 1500, 0)  # of which come 1,000 bookings


def anew(path):
    """The same question under so many names of the host that none of the answers is kept until it is asked again."""
    return [load.get(BASE + path, host=f"h{number}.bench.example") for number in range(30000)]


def questions(bench, city, server):
    """Name -> a function that asks for a while."""
    cookie, staff = {"Cookie": "sango=" + city.bookers[0][1]}, {"Cookie": "sango=" + city.staff[0][1]}

    def many(requests):
        begin = itertools.count(0, max(1, len(requests) // 3))  # no round asks what the one before has left behind

        def ask():
            at = next(begin) % len(requests)
            path = load.write_list(bench.folder / "flat-requests", requests[at:] + requests[:at])
            return load.client(bench.build, server, path, 16, 0.3 if bench.short else 1, again=True)
        return ask

    def page(path, headers=None):
        return many([load.get(BASE + path, headers)])
    return {"vacancy page, kept": page(pages.PAGE), "vacancy page, made anew": many(anew(pages.PAGE)),
            "vacancy page, signed in": page(pages.PAGE, cookie), "one ward, made anew": many(anew(WARD)),
            "own page": page("/me", cookie), "facility board": page("/facility", staff)}


def booking(bench, city, server):
    rounds = iter(range(7))

    def book():
        requests = [load.post(BASE + "/api/v1/bookings", token, load.use_of(city, n, visit), f"flat-{n}-{visit}")
                    for visit in [next(rounds)] for n, (token, *_) in enumerate(city.bookers)]
        path = load.write_list(bench.folder / "flat-bookings", requests)
        result = load.client(bench.build, server, path, 16, 60)
        if not {"201"} <= set(result["statuses"]) <= {"201", "503"}:  # a busy machine sends some away
            raise RuntimeError("bookings were refused: " + load.statuses(result))
        return result
    return book


def asked_of(bench, city, server):
    return questions(bench, city, server) | {"booking": booking(bench, city, server)}


def in_turn(bench, many, few):
    """The cheapest round of each, asked one after the other."""
    rounds = [(many(), few()) for _ in range(1 if bench.short else 3)]
    return [min(side, key=lambda one: one["cpu_us"]) for side in zip(*rounds)]


def measure(bench, base, city, label, wanted=None):
    """Adds what each question costs in this city, beside a copy of the first, to bench.figures["flat"]."""
    beside = base.twin("flat_beside")
    costs = bench.figures.setdefault("flat", {})
    server, other = city.serve(), beside.serve()
    try:
        few = asked_of(bench, beside, other)
        for name, many in asked_of(bench, city, server).items():
            if wanted is None or name in wanted:
                result, first = in_turn(bench, many, few[name])
                result |= {"ratio": result["cpu_us"] / first["cpu_us"], "beside_cpu_us": first["cpu_us"]}
                result["note"] = f"{label}; beside {first['cpu_us']:.1f} µs"
                bench.note("flat: " + name, "sqlite", 16, result)
                costs.setdefault(name, {})[label] = {"cpu_us": result["cpu_us"], "beside_cpu_us": first["cpu_us"]}
    finally:
        server.stop()
        other.stop()
    beside.drop()
    city.drop()


def by_facilities(bench, base):
    count = 4 if bench.short else 100
    cities = Nation(bench.build, bench.folder / "flat_cities", "sqlite", None, count, PEOPLE)
    measure(bench, base, cities, f"{11 * count} facilities in {count} cities")
    large = base.twin("flat_large")
    clone.facilities(large, count - 1)
    measure(bench, base, large, f"{11 * count} facilities in one city",
            ("one ward, made anew", "own page", "facility board", "booking"))


def by_bookings(bench, base):
    for copies in (9,) if bench.short else (99, 999, 9999) if bench.flat == "10M" else (99, 999):
        city = base.twin(f"flat_{copies}")
        clone.past(city, copies)
        measure(bench, base, city, f"{city.bookings()} bookings")


def verdict(bench):
    """The dearest of each question beside its cost with 11 facilities and 1,000 bookings."""
    for name, costs in bench.figures["flat"].items():
        most = max(cost["cpu_us"] / cost["beside_cpu_us"] for cost in costs.values())
        bench.goals.append((f"{name}: most beside least held", most, "<=", 1.2))


def rows(bench):
    base = City(bench.build, bench.folder / "flat_base", "sqlite", None, PEOPLE)
    print(f"# flat: beside 11 facilities with {base.bookings()} bookings", flush=True)
    by_facilities(bench, base)
    by_bookings(bench, base)
    base.drop()
    verdict(bench)
