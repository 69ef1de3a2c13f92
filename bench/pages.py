"""Reading: pages and API at 1, 64 and 1,000 connections, each beside nginx serving a file of the same bytes in the
seconds before, with the same tool and as many connections."""
import statistics

import load
from server import Nginx, fetch

CONNECTIONS = (1, 64, 1000)
PAGE = "/search?care=day"
BRIEF = ("vacancy page", "logged-in own page", "facility board")  # all that the short run asks PostgreSQL for


def kinds(city, server):
    """Name, path, headers of what is asked; only what answers 200."""
    cookie = {"Cookie": "sango=" + city.bookers[0][1]}
    bearer = {"Authorization": "Bearer " + city.bookers[0][0]}
    staff = {"Cookie": "sango=" + city.staff[0][1]}
    api = f"/api/v1/vacancies?care=day&from={load.day(2)}&to={load.day(15)}"
    found = [("vacancy page", PAGE, None), ("vacancy API", api, None), ("logged-in vacancy page", PAGE, cookie),
             ("logged-in own page", "/me", cookie), ("logged-in API /me", "/api/v1/me", bearer),
             ("facility board", "/facility", staff)]
    return [kind for kind in found if fetch(server.port, kind[1], kind[2])[0] == 200]


def middle(rounds):
    """The median of every figure."""
    return {key: statistics.median(one[key] for one in rounds) for key in rounds[0]}


def ask(bench, city, server, nginx, kind, connections):
    what, path, headers = kind
    rounds = []
    for _ in range(bench.rounds if connections == 64 and city.engine == "sqlite" else 1):
        limit = load.wrk(nginx, bench.folder, "/page.html", connections, bench.seconds)
        ours = load.wrk(server, bench.folder, path, connections, bench.seconds, headers)
        ours |= {"ratio": ours["rps"] / limit["rps"], "limit_rps": limit["rps"], "limit_cpu_us": limit["cpu_us"]}
        rounds.append(ours)
    result = middle(rounds)
    bad = sum(one["refused"] + one["errors"] for one in rounds)
    result["note"] = f"nginx {result['limit_rps']:.0f}/s" + (f", {bad:.0f} refused or failed" if bad else "")
    return bench.note(what, city.engine, connections, result)


def cross_check(bench, city, server):
    """The vacancy page by h2load: another program's count of the same thing."""
    result = load.h2load(server, PAGE, 64, bench.seconds)
    wrk = bench.found[("vacancy page", city.engine, 64)]["rps"]
    result["note"] = f"by h2load; wrk counted {wrk:.0f}/s" + (
        f", {result['refused'] + result['errors']} refused or failed" if result["refused"] + result["errors"] else "")
    bench.note("vacancy page, h2load", city.engine, 64, result)


def rows(bench, city, server):
    brief = bench.short and city.engine == "postgresql"
    asked = [kind for kind in kinds(city, server) if not brief or kind[0] in BRIEF]
    for number, kind in enumerate(asked):
        whole = not bench.short or (number == 0 and city.engine == "sqlite")
        with Nginx(bench.folder, fetch(server.port, kind[1], kind[2])[1]) as nginx:
            for connections in CONNECTIONS if whole else (64,):
                bench.found[(kind[0], city.engine, connections)] = ask(bench, city, server, nginx, kind, connections)
        if number == 0:
            cross_check(bench, city, server)
