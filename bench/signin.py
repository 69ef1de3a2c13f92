"""Signing in: beside it, how many hashes of the same cost this machine computes in the same seconds with as many at once
as the server allows itself (two). Its own server, because each hash takes 19 MiB, and told of a proxy, so that each
sign-in comes from an address of its own: from one address they would have to pause."""
import subprocess

import load

PASSWORD = "coral-reef-bench"


def ask(number, n):
    body = {"login": f"resident{n}@bench.example.jp", "password": PASSWORD}
    peer = {"X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}
    return load.post("/api/v1/session", None, body, headers=peer)


def hashes(bench):
    for longer in (1, 4, 16):  # where the machine is so busy that not one was done
        said = subprocess.run([bench.build / "bench" / "bench_hash", "2", str(bench.seconds * longer)], stdout=subprocess.PIPE,
                              check=True)
        if float(said.stdout) > 0:
            break
    return float(said.stdout)


def rows(bench, city):
    own = city.serve("trusted_proxy = 127.0.0.1\n")
    people = bench.people[0] + bench.people[1]
    try:
        for round_, connections in enumerate((1, 64) if not bench.short else (64,)):
            limit = hashes(bench)
            requests = [ask(people * round_ + n, n) for n in range(people)]
            requests = load.write_list(bench.folder / "sign-ins", requests)
            result = load.client(bench.build, own, requests, connections, bench.seconds)
            result |= {"ratio": result["rps"] / limit, "limit_rps": limit}
            result["note"] = f"argon2id {limit:.0f}/s by two; {load.statuses(result)}"
            bench.note("sign-in", city.engine, connections, result)
        bench.figures.setdefault("rss_sign_in_mb", {})[city.engine] = round(own.memory_mb("VmHWM"), 1)
    finally:
        own.stop()
