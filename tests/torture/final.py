"""Chooses the places of a round, and reads over the API how they stand before and after it (the form is checker.py's)."""
import uuid

from blackbox import Client
from clients import Place
from desk import pages
from people import day

FIRST_DAY, LAST_DAY, DAYS = 5, 77, 6


def residents_of(accounts):
    """Those who may book a day without anybody's asking."""
    return [a for a in accounts if a["role"] == "resident" and a.get("state") in ("approved", "exempt", "twins")]


def staff_of(accounts):
    return [a for a in accounts if a["role"] == "facility"]


def rounds_of(accounts):
    """How many rounds have places of their own in one city."""
    return (len(staff_of(accounts)) // 2) * ((LAST_DAY - FIRST_DAY) // DAYS)


class Stage:
    """Two facilities, six days: twelve slots; in four of them people wait for one place."""

    def __init__(self, server, accounts, today, number, earlier=()):
        """`server` is (host, port); `number` counts the rounds of one city."""
        self.host, self.port = server
        self.accounts = accounts
        staff = staff_of(accounts)
        pairs = len(staff) // 2
        self.staff = staff[2 * (number % pairs):2 * (number % pairs) + 2]
        first = FIRST_DAY + DAYS * (number // pairs)
        assert first + DAYS <= LAST_DAY, "more rounds than one city has places for"
        self.dates = [day(today, first + i) for i in range(DAYS)]
        self.places = [Place(s["facility"], date, wishes=i % 3 == 2) for s in self.staff for i, date in enumerate(self.dates)]
        self.earlier = earlier  # wishes of rounds before
        self.capacity = {}
        self.before, self.left, self.person = {}, {}, {}
        self.known = []

    def client(self, account=None):
        return Client(self.port, account and account["token"], host=self.host)

    def coordinator(self):
        return self.client(next(a for a in self.accounts if a["role"] == "coordinator"))

    def get(self, path, account=None):
        client = self.client(account)
        try:
            answer = client.api("GET", path)
            if answer.status != 200:
                raise OSError(f"GET {path}: {answer}")
            return answer.json
        finally:
            client.close()

    # ---- before ----

    def set(self, chance):
        """Few places, so that people meet."""
        for staff in self.staff:
            client = self.client(staff)
            for place in self.places:
                if place.facility == staff["facility"]:
                    wanted = 1 if place.wishes else chance.choice([2, 3, 4])
                    answer = client.api("PUT", f"/facilities/{place.facility}/capacity",
                                        {"care": "day", "from": place.date, "to": place.date, "capacity": wanted})
                    assert answer.status == 200, answer
                    self.capacity[place.name] = wanted
            client.close()
        self.before = self.openings()
        for account in residents_of(self.accounts):
            me = self.get("/me", account)
            self.left[me["id"]] = min(p["left"] for p in me["pools"])
            self.person[account["login"]] = me["id"]
        self.known = [b["id"] for b in self.bookings()]

    # ---- how it stands ----

    def openings(self):
        days = self.get(f"/vacancies?care=day&from={self.dates[0]}&to={self.dates[-1]}")["days"]
        free = {f"{r['facility']} {r['date']}": r["open"] for r in days}
        return {p.name: free[p.name] for p in self.places}

    def bookings(self):
        client = self.coordinator()
        rows = pages(client, f"/bookings?care=day&from={self.dates[0]}&to={self.dates[-1]}", "bookings")
        client.close()
        return [{"id": r["id"], "slot": f"{r['facility']} {r['start']}", "state": r["state"], "message": r.get("message"),
                 "change_of": r.get("change_of"), "resident": r["resident"]["id"]}
                for r in rows if r["facility"] in {s["facility"] for s in self.staff}]

    def of_residents(self):
        """Wishes and offers for the round's days."""
        waits, offers = [], []
        names = {p.name for p in self.places}
        for account in residents_of(self.accounts):
            who, client = self.person[account["login"]], self.client(account)
            mine = [dict(o, slot=f"{o['facility']} {o['start']}", resident=who) for o in pages(client, "/offers", "offers")]
            offers += [o for o in mine if o["slot"] in names]
            waits += [{"id": w["id"], "state": w["state"], "slot": None, "resident": who}
                      for w in pages(client, "/waits", "waits") if w["from"] in self.dates and w["care"] == "day"]
            client.close()
        return waits, offers

    def barred(self, wish):
        """Why she may not use the place she wishes for, whoever else waits: she is elsewhere that day, or it takes no twins."""
        place = next(p for p in self.places if p.name == wish["slot"])
        account = next(a for a in self.accounts if self.person.get(a["login"]) == wish["resident"])
        client = self.client(account)
        answer = client.api("POST", "/quotes", place.ask())
        client.close()
        assert answer.status == 200, answer
        return [refusal["code"] for refusal in answer.json["refusals"]]

    def final(self, ops):
        """The `final` of checker.py. A wish's place is known from the operation that made it."""
        waits, offers = self.of_residents()
        wished = {op.value.get("id"): op.slot for op in ops if op.ok and op.act == "wait"}
        ours = [dict(w, slot=wished.get(w["id"])) for w in waits if w["id"] not in self.earlier]
        free = self.openings()
        for wish in ours:
            if wish["state"] == "waiting" and free.get(wish["slot"], 0) > 0:
                wish["barred"] = self.barred(wish)
        slots = {p.name: {"capacity": self.capacity[p.name], "before": self.before[p.name], "open": free[p.name]}
                 for p in self.places}
        return {"slots": slots, "known": self.known, "bookings": self.bookings(), "waits": ours, "offers": offers,
                "left": self.left}

    # ---- after ----

    def clear(self):
        """Gives back everything, so that the next round finds all with days left. Returns the wishes to forget."""
        seen = set()
        for account in residents_of(self.accounts):
            client = self.client(account)
            for wish in pages(client, "/waits", "waits"):
                if wish["care"] == "day":
                    seen.add(wish["id"])
                    if wish["state"] in ("waiting", "offered"):
                        self.must(client, f"/waits/{wish['id']}/close")
            for booking in pages(client, f"/bookings?care=day&from={self.dates[0]}&to={self.dates[-1]}", "bookings"):
                if booking["state"] in ("requested", "confirmed") and booking["id"] not in self.known:
                    self.must(client, f"/bookings/{booking['id']}/cancel", {"reason": ""})
            client.close()
        return seen

    @staticmethod
    def must(client, path, body=None):
        answer = client.api("POST", path, body or {}, key=uuid.uuid4().hex)
        assert answer.status in (200, 409), (path, answer)
