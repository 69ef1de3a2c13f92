"""From a cancellation to the offer: everybody who holds a scarce place gives it up, and the first who waits for it must
get the offer. It is made in the transaction of the cancellation, so the answer's time is the time until the offer's row
is durable; the rows are counted afterwards."""
import load

DAYS, FIRST_DAY = 7, 80  # SEED_SCARCE_FROM
VISITS = {1: (0,), 64: (1, 2), 1000: (3, 4)}
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def use_of(city, pair, visit):
    start = load.day(FIRST_DAY + pair % DAYS + DAYS * visit)
    return city.facilities[(pair // DAYS + visit) % len(city.facilities)], start


def holding(city, visit):
    for pair, (token, *_) in enumerate(city.holders):
        facility, start = use_of(city, pair, visit)
        yield load.post("/api/v1/bookings", token, {"facility": facility, "care": "day", "start": start, "end": start},
                        f"hold-{pair}-{visit}")


def waiting(city, visit):
    for pair, (token, *_) in enumerate(city.waiters):
        facility, start = use_of(city, pair, visit)
        yield load.post("/api/v1/waits", token, {"facilities": [facility], "care": "day", "from": start, "to": start,
                                                 "nights": 0, "mode": "ask"}, f"wait-{pair}-{visit}")


def id_text(number):
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(12, -1, -1))


def cancelling(city, visit):
    """One request for each booking that a holder has of this visit."""
    whose = {row[2]: row[0] for row in city.holders}
    days = ", ".join(f"'{load.day(FIRST_DAY + n + DAYS * visit)}'" for n in range(DAYS))
    held = city.table(f"SELECT id, account FROM booking WHERE start_day IN ({days}) AND state = 'requested' ORDER BY id")
    for booking, account in held:
        token = whose.get(id_text(int(account)))
        if token is not None:
            yield load.post(f"/api/v1/bookings/{id_text(int(booking))}/cancel", token, {}, f"cancel-{booking}")


def prepare(bench, city, server):
    """Fills the scarce places, and puts somebody behind each of them."""
    for visit in range(5):
        for requests in (holding(city, visit), waiting(city, visit)):
            path = load.write_list(bench.folder / "pairs", requests)
            if load.whole(bench.build, server, path, 32)["answered"] != len(city.holders):
                raise RuntimeError("places could not be filled")


def rows(bench, city, server):
    prepare(bench, city, server)
    for connections, visits in VISITS.items():
        requests = [request for visit in visits for request in cancelling(city, visit)]
        requests = load.write_list(bench.folder / "cancellations", requests)
        before = int(city.sql("SELECT count(*) FROM offer"))
        result = load.client(bench.build, server, requests, connections, 60)
        offers = int(city.sql("SELECT count(*) FROM offer")) - before
        result["rps"] = offers / max(0.001, result["seconds"])
        result["rows"] = offers
        result["note"] = f"{load.statuses(result)}; {offers} offers"
        bench.note("cancellation to offer", city.engine, connections, result)
