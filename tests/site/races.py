"""Many at once: the last place, one key sent by everybody. SITE_ROUNDS sets the rounds (10 unless told)."""
import os
import threading
import uuid

from blackbox import NOW, expect, main
from people import ask, capacity, day, facility_of, fresh, offers, opening

TODAY = NOW[:10]
CLIENTS = 64
ROUNDS = int(os.environ.get("SITE_ROUNDS", "10"))


def together(count, work):
    """Runs work(i) on `count` threads that start at one moment; returns the results."""
    results = [None] * count
    gate = threading.Barrier(count)

    def one(i):
        gate.wait()
        try:
            results[i] = work(i)
        except Exception as fault:  # pylint: disable=broad-except
            results[i] = fault

    threads = [threading.Thread(target=one, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


def people(site):
    """Residents with days left; 64 clients share them, so some race against themselves as well."""
    return [a for a in site.accounts if a["role"] == "resident" and a.get("state") in ("approved", "exempt")]


def one_of_64_gets_the_last_place(site):
    facility, start = facility_of(site), day(TODAY, 30)
    residents = people(site)
    clients = [site.client(residents[i % len(residents)]) for i in range(CLIENTS)]
    for number in range(ROUNDS):
        capacity(site, facility, "day", start, start, 1)
        row = opening(site, facility, "day", start)
        assert row["open"] == 1, (number, row)
        answers = together(CLIENTS, lambda i: clients[i].api("POST", "/bookings", ask(facility, "day", start, start),
                                                             key=uuid.uuid4().hex))
        won = [a for a in answers if a.status == 201]
        lost = [a for a in answers if a.status == 409]
        assert len(won) == 1, (number, len(won), [a for a in answers if a.status not in (201, 409)])
        assert len(lost) == CLIENTS - 1, [a for a in answers if a.status not in (201, 409)]
        assert opening(site, facility, "day", start)["open"] == 0
        expect(site.post(f"/bookings/{won[0].json['id']}/decline", {"reason": "試験"}, facility), 200)
    for client in clients:
        client.close()
    site.verify()


def one_key_sent_20_times_is_one_booking(site):
    facility, who = facility_of(site), fresh(site, 0)
    for number in range(5):
        start = day(TODAY, 32 + number)
        capacity(site, facility, "day", start, start, 5)
        key = uuid.uuid4().hex
        clients = [site.client(who) for _ in range(20)]
        answers = together(20, lambda i: clients[i].api("POST", "/bookings", ask(facility, "day", start, start), key=key))
        for client in clients:
            client.close()
        assert {a.status for a in answers} == {201}, answers
        assert len({a.body for a in answers}) == 1
        assert opening(site, facility, "day", start)["open"] == 4
        again = site.api("POST", "/bookings", ask(facility, "day", start, start), who, key=key)
        assert again.status == 201 and again.body == answers[0].body
        other = site.api("POST", "/bookings", ask(facility, "day", day(start, 1), day(start, 1)), who, key=key)
        expect(other, 422, "idempotency-mismatch")


def a_refusal_is_repeated_too(site):
    facility, who = facility_of(site), fresh(site, 1)
    start = day(TODAY, 38)
    capacity(site, facility, "day", start, start, 0)
    key = uuid.uuid4().hex
    first = site.api("POST", "/bookings", ask(facility, "day", start, start), who, key=key)
    assert first.status == 409, first
    capacity(site, facility, "day", start, start, 1)
    again = site.api("POST", "/bookings", ask(facility, "day", start, start), who, key=key)
    assert again.status == 409 and again.body == first.body
    assert opening(site, facility, "day", start)["open"] == 1


def answering_twice_settles_once(site):
    facility, who = facility_of(site), fresh(site, 1)
    start = day(TODAY, 39)
    capacity(site, facility, "day", start, start, 1)
    made = expect(site.post("/bookings", ask(facility, "day", start, start), who), 201).json
    clients = [site.client(facility) for _ in range(16)]
    answers = together(16, lambda i: clients[i].api(
        "POST", f"/bookings/{made['id']}/" + ("accept" if i % 2 else "decline"),
        {} if i % 2 else {"reason": "試験"}, key=uuid.uuid4().hex))
    for client in clients:
        client.close()
    assert sorted({a.status for a in answers}) in ([200, 409], [200]), answers
    assert len([a for a in answers if a.status == 200]) == 1, answers
    site.verify()


def a_wish_and_a_cancellation_at_once_meet(site):
    """Whichever comes first: the place is offered, to one of those who wish for it, and not left open beside them."""
    facility, start = facility_of(site, 1), day(TODAY, 41)
    holder, *waiters = [fresh(site, i) for i in range(4)]
    wish = {"facilities": [facility["facility"]], "care": "day", "from": start, "to": start, "nights": 0, "mode": "ask",
            "notice_hours": 0}
    clients = [site.client(who) for who in (holder, *waiters)]
    for number in range(ROUNDS):
        capacity(site, facility, "day", start, start, 1)
        held = expect(site.post("/bookings", ask(facility, "day", start, start), holder), 201).json
        answers = together(4, lambda i: clients[i].api(
            "POST", "/waits" if i else f"/bookings/{held['id']}/cancel", wish if i else {"reason": ""}, key=uuid.uuid4().hex))
        assert [a.status for a in answers] == [200, 201, 201, 201], (number, answers)
        mine = [[o for o in offers(site, who) if o["start"] == start] for who in waiters]
        assert sum(len(m) for m in mine) == 1 and opening(site, facility, "day", start)["open"] == 0, (number, answers, mine)
        for answer, who in zip(answers[1:], waiters):
            expect(site.post(f"/waits/{answer.json['id']}/close", {}, who), 200)
    for client in clients:
        client.close()
    site.verify()


if __name__ == "__main__":
    main([one_of_64_gets_the_last_place, one_key_sent_20_times_is_one_booking, a_refusal_is_repeated_too,
          answering_twice_settles_once, a_wish_and_a_cancellation_at_once_meet])
