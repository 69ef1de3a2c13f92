"""What one person sees is kept, and never shown a moment too long: while residents book and cancel, whoever is told so
asks at once, on every server there is, for her own bookings and days and for the facility's list. Who signs out anywhere is
out everywhere. On PostgreSQL two servers share the database."""
import functools

from blackbox import NOW, Client, expect, main
from pages import Count, Neighbour, beside, deed
from people import ask, capacity, day, facility_of
from races import people, together

TODAY = NOW[:10]
ROUNDS = 4
ONLOOKERS, ONLOOKS = 8, 6  # fewer in all than a page of the record has rows


def seen(client, path, *more):
    """What the answer says, along a path of names and numbers."""
    value = expect(client.api("GET", path), 200).json
    for step in more:
        value = value[step]
    return value


class Watcher:
    """One person at one server, who has looked before."""

    def __init__(self, port, who):
        self.client = Client(port, who["token"])
        self.look()

    def look(self):
        booked = seen(self.client, "/me", "pools", 0, "booked")
        states = {row["id"]: row["state"] for row in seen(self.client, "/bookings", "bookings")}
        return booked, states


def one_deed(neighbour, i, who, facility, start):
    """Books on one server and cancels on another; after each, her own page tells, and the facility's list."""
    ports = neighbour.ports
    hers = [Watcher(port, who) for port in ports]
    theirs = [Client(port, facility["token"]) for port in ports]
    for client in theirs:
        seen(client, "/bookings", "bookings")
    before = hers[0].look()[0]
    made = deed(Client(ports[i % len(ports)], who["token"]), "/bookings", ask(facility, "day", start, start))
    if made.status == 409:
        return False  # she has used up her days, or has a booking for this day
    number = expect(made, 201).json["id"]
    for watcher in hers:
        booked, states = watcher.look()
        assert booked == before + 1 and number in states, (booked, before, states)
    for client in theirs:
        assert seen(client, f"/bookings/{number}", "state") == made.json["state"]
    other = Client(ports[(i + 1) % len(ports)], who["token"])
    cancelled = expect(deed(other, f"/bookings/{number}/cancel", {"reason": "試験"}), 200).json
    for watcher in hers:
        booked, states = watcher.look()
        assert booked == before and states[number] == cancelled["state"], (booked, before, states[number])
    for client in theirs:
        assert seen(client, f"/bookings/{number}", "state") == cancelled["state"]
    return True


def what_is_hers_is_shown_at_once(site):
    residents, facility, start = people(site), facility_of(site), day(TODAY, 33)
    neighbour = Neighbour(site)
    capacity(site, facility, "day", start, start, len(residents))
    others = [Client(port, who["token"]) for port in neighbour.ports for who in (residents[0], facility)]
    with beside(neighbour, [functools.partial(seen, other, "/bookings", "bookings") for other in others]):
        for _ in range(ROUNDS):
            done = together(len(residents), lambda i: one_deed(neighbour, i, residents[i], facility, start))
            assert sum(done) >= 3, done
    site.verify()


def who_signs_out_is_out_everywhere(site):
    residents = [who for who in people(site) if who.get("password")][:4]
    neighbour = Neighbour(site)
    try:
        for _ in range(ROUNDS):
            def sign_in_and_out(i):
                who = residents[i]
                body = {"login": who["login"], "password": who["password"]}
                tokens = [expect(deed(Client(port), "/session", body), 200).json["token"] for port in neighbour.ports]
                for token in tokens:
                    for port in neighbour.ports * 2:
                        expect(Client(port, token).api("GET", "/me"), 200)
                for at, token in enumerate(tokens):
                    expect(Client(neighbour.ports[at], token).api("DELETE", "/session"), 204)
                    for port in neighbour.ports:
                        expect(Client(port, token).api("GET", "/me"), 401)
                    for later in tokens[at + 1:]:
                        expect(Client(neighbour.ports[at], later).api("GET", "/me"), 200)

            together(len(residents), sign_in_and_out)
    finally:
        neighbour.stop()


def who_looks_at_the_record_finds_herself(site):
    """At the same moment as others, on every server: her own look, and every one that was answered before she asked."""
    neighbour, count = Neighbour(site), Count()
    people_of_the_record = [site.account("auditor"), site.account("city_admin")]
    try:
        def look(i):
            client = Client(neighbour.ports[i % len(neighbour.ports)])
            headers = {"Cookie": "sango=" + people_of_the_record[i // 2 % 2]["token"]}
            for _ in range(ONLOOKS):
                before = count.n
                page = expect(client.send("GET", "/city/audit", headers=headers), 200).body.decode()
                assert page.count("<td>audit.list</td>") > before, (before, page.count("<td>audit.list</td>"))
                count.add()
        together(ONLOOKERS, look)
    finally:
        neighbour.stop()
    rows = expect(site.api("GET", "/audit?action=audit.list&limit=200", who=people_of_the_record[0]), 200).json["entries"]
    assert len(rows) >= count.n == ONLOOKERS * ONLOOKS, (len(rows), count.n)
    assert len({row["id"] for row in rows}) == len(rows)
    site.verify()


if __name__ == "__main__":
    main([what_is_hers_is_shown_at_once, who_signs_out_is_out_everywhere, who_looks_at_the_record_finds_herself])
