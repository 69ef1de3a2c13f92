"""People under load: residents who book, change, cancel, wait and answer offers, facilities that answer requests, and somebody
who looks at the vacancies. Each is a thread with a desk of her own; what they do is drawn from the seed.

    crowd = Crowd(house, people, places, seed)
    crowd.start(); …; crowd.stop(); crowd.resolve()"""
import random
import threading
import time

from desk import Desk

SLOT_STEPS_MAX = 120  # of the 200 a slot's history may have; the rest is looks, answers and offers
LOOKS_MAX = 20
PAUSE_S = 0.012
TWO_PHONES = 3  # residents who race against themselves
WAITERS = 3


class Place:
    """One slot of the round. `wishes`: people wait for it, so that it moves on when freed."""

    def __init__(self, facility, date, wishes):
        self.facility, self.date, self.wishes = facility, date, wishes
        self.name = f"{facility} {date}"
        self.steps = 0

    def ask(self):
        return {"facility": self.facility, "care": "day", "start": self.date, "end": self.date}

    def wish(self):
        return {"facilities": [self.facility], "care": "day", "from": self.date, "to": self.date, "nights": 0,
                "mode": "ask", "notice_hours": 0}


class Person(threading.Thread):
    def __init__(self, crowd, session, token, seed):
        super().__init__(daemon=True)
        self.crowd = crowd
        self.chance = random.Random(seed)
        self.desk = Desk(crowd.house, session, token, self.chance)
        self.fault = None

    def run(self):
        try:
            while not self.crowd.over.wait(self.chance.expovariate(1 / self.crowd.pause)):
                self.step()
                if self.chance.random() < 0.1:
                    self.learn(self.desk.look_back())
        except Exception as fault:  # pylint: disable=broad-except
            self.fault = fault
        finally:
            self.desk.close()

    def learn(self, end):
        """What an answer that came late teaches; only residents remember."""

    def pick(self):
        """A place with room in its history."""
        places = [p for p in self.crowd.places if p.steps < SLOT_STEPS_MAX]
        if not places:
            return None
        place = self.chance.choice(places)
        place.steps += 1  # about: a step lost among threads does not matter
        return place


class Mine:
    """What a resident's telephones know of her bookings."""

    def __init__(self):
        self.lock = threading.Lock()
        self.bookings = {}  # id -> Place

    def add(self, number, place):
        with self.lock:
            self.bookings[number] = place

    def drop(self, number):
        with self.lock:
            self.bookings.pop(number, None)

    def some(self, chance):
        with self.lock:
            return chance.choice(list(self.bookings.items())) if self.bookings else (None, None)


class Resident(Person):
    def __init__(self, crowd, session, token, seed, mine):
        super().__init__(crowd, session, token, seed)
        self.mine = mine
        self.waited = set()

    def step(self):
        deeds = [(self.book, 34), (self.cancel, 26), (self.change, 8), (self.look, 16), (self.wait, 6), (self.answer, 10)]
        self.chance.choices([d for d, _ in deeds], [w for _, w in deeds])[0]()

    def book(self):
        place = self.pick()
        if place is None:
            return
        end = self.desk.act("book", "/bookings", place.ask(), slot=place.name)
        if end.outcome == "ok":
            self.mine.add(end.json["id"], place)

    def cancel(self):
        number, place = self.mine.some(self.chance)
        if number is None:
            return
        place.steps += 1
        end = self.desk.act("cancel", f"/bookings/{number}/cancel", {"reason": ""}, target=number)
        if end.outcome != "info":
            self.mine.drop(number)

    def change(self):
        number, old = self.mine.some(self.chance)
        place = self.pick() if number else None
        if place is None or place is old:
            return
        end = self.desk.act("change", f"/bookings/{number}/change", place.ask(), slot=place.name, target=number)
        if end.outcome == "ok":
            self.mine.add(end.json["id"], place)

    def look(self):
        number, _ = self.mine.some(self.chance)
        if number is None:
            return
        seen = self.desk.see("see-booking", f"/bookings/{number}", lambda j: {"state": j["state"]}, target=number)
        if seen and seen["state"] not in ("requested", "confirmed"):
            self.mine.drop(number)

    def wait(self):
        place = self.pick()
        if place is None or not place.wishes or place.name in self.waited:
            return
        self.waited.add(place.name)
        self.desk.act("wait", "/waits", place.wish(), slot=place.name)

    def answer(self):
        if not self.waited:
            return
        seen = self.desk.see("see-offers", "/offers?state=open&limit=50", lambda j: {"offers": [o["id"] for o in j["offers"]]})
        for offer in seen["offers"] if seen else ():
            place = next((p for p in self.crowd.places if p.name == f"{offer['facility']} {offer['start']}"), None)
            if place is None:
                continue
            take = self.chance.random() < 0.6
            end = self.desk.act("take-offer" if take else "drop-offer",
                                f"/offers/{offer['id']}/{'accept' if take else 'decline'}", target=offer["id"])
            if end.outcome == "ok":
                self.waited.discard(place.name)
                if take:
                    self.mine.add(end.json["booking"], place)


class Waiter(Resident):
    """Only waits, and answers what she is offered: nothing but the house's order stands between her and a freed place."""

    def step(self):
        deeds = [(self.wait, 30), (self.answer, 40), (self.look, 15), (self.cancel, 15)]
        self.chance.choices([d for d, _ in deeds], [w for _, w in deeds])[0]()

    def pick(self):
        days = {name.split()[1] for name in self.waited}
        places = [p for p in self.crowd.places if p.wishes and p.date not in days and p.steps < SLOT_STEPS_MAX]
        return self.chance.choice(places) if places else None


class Staff(Person):
    """Answers what is requested of one facility."""

    def __init__(self, crowd, session, token, seed, dates):
        super().__init__(crowd, session, token, seed)
        self.path = f"/bookings?state=requested&from={min(dates)}&to={max(dates)}&limit=50"

    def step(self):
        self.crowd.over.wait(self.chance.random() * 0.1)
        seen = self.desk.see("see-requests", self.path, lambda j: {}, must=False)
        rows = seen["bookings"] if seen else []
        for row in self.chance.sample(rows, min(3, len(rows))):
            if self.chance.random() < 0.65:
                self.desk.act("accept", f"/bookings/{row['id']}/accept", target=row["id"])
            else:
                self.desk.act("decline", f"/bookings/{row['id']}/decline", {"reason": "試験"}, target=row["id"])


class Reader(Person):
    """Anybody, who looks how much is free; few looks, since each is a step in every slot's history."""

    def __init__(self, crowd, session, seed, dates):
        super().__init__(crowd, session, None, seed)
        self.path = f"/vacancies?care=day&from={min(dates)}&to={max(dates)}"
        self.looks = 0

    def step(self):
        self.crowd.over.wait(0.05 + self.chance.random() * 0.2)
        names = {p.name for p in self.crowd.places}
        self.looks += 1
        if self.looks < LOOKS_MAX:
            self.desk.see("see-slots", self.path, lambda j: {"slots": {
                f"{r['facility']} {r['date']}": r["open"] for r in j["days"] if f"{r['facility']} {r['date']}" in names}})


class Crowd:
    def __init__(self, house, residents, staff, places, seed, pause=PAUSE_S, phones=1):
        """`residents` and `staff` are accounts of the demo's list; each facility of `places` has its staff among them.
        `pause`: seconds each takes between two deeds, on average; `phones` each resident has."""
        self.house, self.places, self.pause = house, places, pause
        self.over = threading.Event()
        dates = [p.date for p in places]
        chance = random.Random(seed)
        self.people = []
        for i, account in enumerate(residents):
            mine, kind = Mine(), Waiter if i >= len(residents) - WAITERS else Resident
            for phone in range(max(phones, 2 if i < TWO_PHONES else 1)):
                name = account["login"].split("@")[0]
                self.people.append(kind(self, f"{name}#{phone}", account["token"], chance.random(), mine))
        for account in staff:
            self.people.append(Staff(self, account["login"].split("@")[0], account["token"], chance.random(), dates))
        for i in range(2):
            self.people.append(Reader(self, f"reader{i}", chance.random(), dates))

    def spent(self):
        """Whether the histories are full, so that nobody books any more."""
        return all(place.steps >= SLOT_STEPS_MAX for place in self.places)

    def start(self):
        for person in self.people:
            person.start()

    def stop(self):
        """Everybody finishes what she is doing; raises what went wrong in a client itself."""
        self.over.set()
        for person in self.people:
            person.join()
        for person in self.people:
            if person.fault:
                raise person.fault

    def resolve(self):
        """Once the house is well again: no operation's end stays unknown."""
        threads = [threading.Thread(target=p.desk.resolve, args=(lambda: time.sleep(0.1),)) for p in self.people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
