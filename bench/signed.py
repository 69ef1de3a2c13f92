"""Every page that needs a sign-in, asked by each kind of person that may see it, at 64 connections, each beside nginx serving a
file of the same bytes. Which pages there are is read from the reviewed table of access, so that none is forgotten; the
worst of them is a figure of the report."""
import load
from offers import id_text
from server import ROOT, Nginx, fetch

CONNECTIONS = 64
ROLES = ("resident", "facility", "coordinator", "city_admin", "auditor")
FEW = ("/facility", "/me/waits/new", "/city/bookings")  # all that the short run asks for


def routes():
    """Path and role of every page that sends strangers to the sign-in; a page is asked by the first who may see it, and a
    resident's and an office's look at the same page are two."""
    lines = [line.split("\t") for line in (ROOT / "tests" / "web" / "access.tsv").read_text().splitlines()]
    head = [name.strip("# ") for name in lines[0]]
    for cells in lines[1:]:
        row = dict(zip(head, cells))
        if row["method"] == "GET" and row["public"] == "login" and not row["path"].endswith(".csv"):
            yield row["path"], next(role for role in ROLES if row[role] == "yes")


class Examples:
    """Who asks, and something of everything that a path may name."""

    def __init__(self, city):
        self.city = city
        residents = city.residents + city.holders + city.waiters + city.bookers + city.applicants
        self.people = {row[2]: row[1] for row in residents}  # cookies by account
        self.facility = city.facilities[0]
        self.cookies = {"resident": city.residents[-1][1], "facility": city.staff[0][1],
                        "coordinator": city.coordinator[1], "city_admin": city.admin[1], "auditor": city.auditor[1]}
        known = ", ".join(str(self.number(account)) for account in (row[2] for row in city.residents))
        of_resident = f"SELECT id, account FROM booking WHERE state = 'confirmed' AND account IN ({known})"
        of_facility = f"SELECT id, account FROM booking WHERE facility = {self.number(self.facility)} AND state = "
        child = "SELECT c.id, r.account FROM child c JOIN registration r ON r.city = c.city AND r.id = c.registration"
        submitted = "SELECT id, account FROM registration WHERE state = 'submitted'"
        approved = f"SELECT account, account FROM registration WHERE account IN ({known})"
        self.asks = {
            "/me/bookings/": of_resident, "/me/children/": f"{child} WHERE r.account IN ({known})",
            "/me/offers/": "SELECT id, account FROM offer WHERE state = 'open'",
            "/facility/bookings/{id}/propose": of_facility + "'confirmed'", "/facility/bookings/": of_facility + "'requested'",
            "/city/bookings/": of_facility + "'requested'", "/city/registrations/{": submitted,
            "/city/residents/{": approved,
            "/city/facilities/{": f"SELECT id, id FROM facility WHERE id = {self.number(self.facility)}"}
        self.words = {"{number}": "1", "{section}": "booking", "{event}": "decline", "{n}": "1"}

    @staticmethod
    def number(text):
        value = 0
        for letter in text:
            value = value << 5 | "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(letter)
        return value

    def make(self, path, role):
        """The address to ask and the cookie to ask it with; None when this city has nothing of the kind."""
        cookie = self.cookies[role]
        for beginning, statement in self.asks.items():
            if path.startswith(beginning) and "{id}" in path:
                found = self.city.table(statement + " LIMIT 1")
                if not found:
                    return None
                path = path.replace("{id}", id_text(int(found[0][0])))
                cookie = self.people.get(id_text(int(found[0][1])), cookie) if role == "resident" else cookie
                break
        for word, value in self.words.items():
            path = path.replace(word, value)
        return path + self.wish(path), {"Cookie": "sango=" + cookie}

    def wish(self, path):
        """What a page wants to know before it shows anything."""
        start = load.day(30)
        if path.startswith(("/me/book/check", "/me/book/health")) or path.endswith("/check") and "/residents/" in path:
            return f"?facility={self.facility}&care=day&start={start}&end={start}"
        return f"?facility={self.facility}&care=day" if path in ("/me/book", "/me/days") else ""


def begin_draft(bench, city, server):
    """The pages of a draft of the rules need one."""
    request = load.post("/api/v1/rules/draft", city.admin[0], {"from": 1}, f"draft-{city.engine}")
    load.whole(bench.build, server, load.write_list(bench.folder / "draft", [request]), 1)


def ask(bench, city, server, role, path, headers, body):
    with Nginx(bench.folder, body) as nginx:
        limit = load.wrk(nginx, bench.folder, "/page.html", CONNECTIONS, 1)
    result = load.wrk(server, bench.folder, path, CONNECTIONS, 1, headers)
    result |= {"ratio": result["rps"] / limit["rps"], "limit_rps": limit["rps"]}
    bad = result["refused"] + result["errors"]
    result["note"] = f"nginx {limit['rps']:.0f}/s" + (f", {bad:.0f} refused or failed" if bad else "")
    return bench.note(f"page of {role}: {path.split('?')[0]}", city.engine, CONNECTIONS, result)


def pages(bench, city, server):
    """Route, role, address, headers and body of every page that is there; those that lead elsewhere are told."""
    examples = Examples(city)
    elsewhere = []
    for route, role in routes():
        made = None if bench.short and route not in FEW else examples.make(route, role)
        if made is None:
            continue
        for _ in range(20):
            status, body = fetch(server.port, *made)
            if status != 503:
                break
        if status == 200:
            yield route, role, *made, body
        else:
            elsewhere.append(f"{route} {status}")
    if elsewhere:
        print("# not asked: " + ", ".join(elsewhere), flush=True)


def rows(bench, city, server):
    if city.engine == "postgresql" and bench.short:
        return
    begin_draft(bench, city, server)
    city.settle()
    worst = None
    for route, role, path, headers, body in pages(bench, city, server):
        row = ask(bench, city, server, role, path, headers, body)
        if worst is None or row["ratio"] < worst["ratio_to_nginx"]:
            worst = {"name": f"{role} {route}", "rps": row["rps"], "ratio_to_nginx": row["ratio"],
                     "p99_ms": row["p99_ms"], "bytes": row["bytes_each"]}
    first = city.engine == "sqlite"
    bench.figures["worst_logged_in_page" if first else "worst_logged_in_page_postgresql"] = worst
    name = "worst logged-in page / nginx" if first else "the same on PostgreSQL / nginx"
    bench.goals.append((name, worst["ratio_to_nginx"], ">=", 0.25))
