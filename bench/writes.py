"""Quotes and bookings. A booking counts when its row is found in the database afterwards, never as an answer alone; its
limit (bare_rows, limits) is measured in the seconds after or before each round."""
import statistics

import bare_rows
import load
import limits

CONNECTIONS = (1, 64, 1000)
# Each booker has seven days to use. By visit: learning the shape and one connection, 64 in two rounds, 1,000.
VISITS = {1: [(0,)], 64: [(1, 2), (3, 4)], 1000: [(5, 6)]}
LEARNED = 200


def quotes(bench, city, server):
    requests = load.write_list(bench.folder / "quotes", load.quotes(city))
    for connections in CONNECTIONS if not bench.short else (64,):
        result = load.client(bench.build, server, requests, connections, bench.seconds, again=True)
        result["note"] = load.statuses(result)
        bench.note("quote", city.engine, connections, result)


def book(bench, city, server, requests, connections):
    """One round; the rate is that of new rows."""
    requests = load.write_list(bench.folder / "bookings", requests)
    before = city.bookings()
    result = load.client(bench.build, server, requests, connections, bench.seconds * 3)
    result["rows"] = city.bookings() - before
    result["acknowledged"] = result["statuses"].get("201", 0)
    result["rps"] = result["rows"] / result["seconds"]
    return result


def learn(bench, city):
    """The first bookings, by a server of their own: PostgreSQL counts what each of them writes."""
    counted = city.engine == "postgresql"
    before = limits.snapshot(city) if counted else {}
    sent = int(city.sql("SELECT count(*) FROM notice WHERE state = 'sent'"))
    server = city.serve()
    try:
        made = book(bench, city, server, load.bookings(city, (0,))[:LEARNED], 64)["rows"]
    finally:
        server.stop()
    if not counted:
        return
    after = limits.snapshot(city)
    after["notice"][1] -= int(city.sql("SELECT count(*) FROM notice WHERE state = 'sent'")) - sent  # not the booking's
    bench.shape = limits.Shape(before, after, made)
    print("# " + bench.shape.says(), flush=True)


def limit_of(bench, city, server, connections):
    """What says, after a round of bookings, how many a second the machine could do at most ("rps", on PostgreSQL also
    "p99_ms") at as many writers: on SQLite the round's own rows once more, on PostgreSQL pgbench in the seconds before
    (100 clients at most)."""
    if city.engine == "sqlite":
        before = bare_rows.Before(bench, city)
        return lambda: before.group_commits(server, connections)
    script = limits.pgbench_make(city.cluster, bench.folder, bench.shape)
    found = limits.pgbench(city.cluster, script, min(connections, 100), bench.seconds)
    return lambda: found


def together(rounds):
    """Several rounds as one: sums, and the middle of the rest."""
    result = {key: statistics.mean(one[key] for one in rounds) for key in rounds[0] if key != "statuses"}
    for key in ("answered", "errors", "unanswered", "bytes", "rows", "acknowledged", "seconds"):
        result[key] = sum(one[key] for one in rounds)
    for key in ("max_ms", "rss_mb"):
        result[key] = max(one[key] for one in rounds)
    codes = {code for one in rounds for code in one["statuses"]}
    result["statuses"] = {code: sum(one["statuses"].get(code, 0) for one in rounds) for code in codes}
    result["rps"] = result["rows"] / result["seconds"]
    return result


def bookings(bench, city, server):
    name = "raw group commits" if city.engine == "sqlite" else "pgbench"
    for connections in CONNECTIONS:
        rounds = []
        for number, visits in enumerate(VISITS[connections]):
            requests = load.bookings(city, visits)[LEARNED if connections == 1 else 0:]
            city.rest()
            limit = limit_of(bench, city, server, connections)
            city.rest()
            rounds.append(book(bench, city, server, requests, connections))
            rounds[-1] |= {f"limit_{key}": value for key, value in limit().items()}
            if bench.short and number == 0:
                break
        result = together(rounds)
        if city.engine == "sqlite":  # of exactly these bookings, each round's in its time
            result["limit_rps"] = result["rows"] / sum(one["rows"] / one["limit_rps"] for one in rounds)
        else:  # what the machine can do, it did at its best
            result["limit_rps"] = max(one["limit_rps"] for one in rounds)
        result["ratio"] = result["rps"] / result["limit_rps"]
        if "limit_p99_ms" in result:
            result["p99_ratio"] = result["p99_ms"] / result["limit_p99_ms"]
        itself = f" and p99 {result['limit_p99_ms']:.1f} ms" if "limit_p99_ms" in result else ""
        itself += f" of {result['limit_cpu_us']:.0f} µs and {result['limit_frames']:.1f} pages" if "limit_frames" in result else ""
        result["note"] = f"{name} {result['limit_rps']:.0f}/s{itself}; {load.statuses(result)}; {result['rows']} rows"
        if not load.kept(result, result["rows"], result["acknowledged"]):
            result["note"] += f", BUT {result['acknowledged']} ACKNOWLEDGED"
        bench.found[("booking", city.engine, connections)] = result
        bench.note("booking", city.engine, connections, result)

