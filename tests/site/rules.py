"""The city publishes rules while residents book, on every server there is: a booking costs what the rules said at some moment
between its asking and its answer, whoever asks after a publication was answered is judged by it, and whoever was answered
before keeps the price. On PostgreSQL two servers share the database."""
import json
import threading
import time
import uuid

from blackbox import NOW, Client, expect, main
from pages import Neighbour
from people import ask, capacity, day, facility_of
from races import people

TODAY = NOW[:10]
VERSIONS = 8
BOOKERS = 6
FIRST = 20  # days from today on which the rules begin
FAR = time.monotonic() + 1e9


class Rules:
    """The admin's side, by one server and then another; `told` is [(price, asked at, answered at)]."""

    def __init__(self, site, ports):
        self.admin = site.account("city_admin")
        self.clients = [Client(port, self.admin["token"]) for port in ports]
        self.told = []

    def publish(self, number, price):
        client = self.clients[number % len(self.clients)]
        expect(client.api("POST", "/rules/draft", {"from": 1}), 201)
        draft = expect(client.api("GET", "/rules/draft"), 200)
        document = json.loads(draft.json["document"])
        for care in document["cares"]:
            if care["code"] == "day":
                care["prices"]["taxed"] = price
        saved = expect(client.api("PUT", "/rules/draft", {"document": json.dumps(document, ensure_ascii=False)},
                                  headers={"If-Match": draft.headers["ETag"]}), 200)
        began = time.monotonic()
        expect(client.api("POST", "/rules/draft/publish", {"valid_from": day(TODAY, FIRST), "reason": f"改正{number}"},
                          key=uuid.uuid4().hex, headers={"If-Match": f'"{saved.json["revision"]}"'}), 201)
        self.told.append((price, began, time.monotonic()))

    def close(self):
        for client in self.clients:
            client.close()


def possible(told, old, asked, answered):
    """The prices that held at a moment between the two."""
    prices = set()
    versions = [(old, 0.0, 0.0)] + told
    for i, (price, began, _) in enumerate(versions):
        gone = versions[i + 1][2] if i + 1 < len(versions) else FAR  # surely, once the next one was answered
        if began <= answered and gone >= asked:
            prices.add(price)
    return prices


def booker(site, port, resident, facility, start, stop, found):
    """Books a day and has it declined, again and again; records what each cost and when."""
    mine, theirs = Client(port, resident["token"]), Client(port, facility["token"])
    while not stop.is_set():
        asked = time.monotonic()
        answer = mine.api("POST", "/bookings", ask(facility, "day", start, start), key=uuid.uuid4().hex)
        expect(answer, 201)
        found.append((answer.json["fee"], asked, time.monotonic(), answer.json["id"]))
        declined = theirs.api("POST", f"/bookings/{answer.json['id']}/decline", {"reason": "試験"}, key=uuid.uuid4().hex)
        expect(declined, 200)
    mine.close()
    theirs.close()


def bookings_follow_what_is_published(site):
    facility = facility_of(site)
    start = day(TODAY, FIRST + 10)
    capacity(site, facility, "day", start, start, 20)
    old = 1200
    able = []
    for who in people(site):
        quote = site.api("POST", "/quotes", ask(facility, "day", start, start), who)
        if quote.status == 200 and quote.json.get("allowed") and quote.json["fee"]["total"] == old:
            able.append(who)
    assert able, "nobody can book"
    neighbour = Neighbour(site)
    try:
        rules, stop, found = Rules(site, neighbour.ports), threading.Event(), []
        threads = [threading.Thread(target=booker, args=(site, neighbour.ports[i % len(neighbour.ports)], who, facility,
                                                         start, stop, found))
                   for i, who in enumerate(able[:BOOKERS])]
        for thread in threads:
            thread.start()
        try:
            for number in range(VERSIONS):
                seen = len(found)
                while len(found) < seen + 2 * len(threads) and all(t.is_alive() for t in threads):
                    time.sleep(0.01)
                rules.publish(number, old + 100 * (number + 1))
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        for fee, asked, answered, which in found:
            assert fee in possible(rules.told, old, asked, answered), (fee, which, rules.told)
        assert len({fee for fee, _, _, _ in found}) > 2, "too few prices were met"
        for port in neighbour.ports:  # and everybody reads the same now
            shown = expect(Client(port).api("GET", "/rules"), 200).json["versions"]
            assert [v["state"] for v in shown].count("coming") == 1, shown
        rules.close()
    finally:
        neighbour.stop()
    site.verify()


if __name__ == "__main__":
    main([bookings_follow_what_is_published])
