"""Asking: wrk and h2load for what one request repeats, bench_load for lists of requests, and those lists.

Every answer is one dictionary: answered, seconds, rps, p50_ms, p99_ms, p999_ms, bytes (all that came back), and what it
cost the server: cpu_us a request (user and system, of the server's processes alone), rss_mb when it was over. Servers,
limits and load tools share the machine's cores, and none is pinned to one."""
import datetime
import json
import random
import re
import subprocess

WRK_SAYS = """done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '{"answered":%d,"seconds":%.3f,"rps":%.1f,"p50_ms":%.3f,"p99_ms":%.3f,"p999_ms":%.3f,"max_ms":%.3f,'
    .. '"errors":%d,"bytes":%d,"refused":%d}\\n', summary.requests, summary.duration / 1e6,
    summary.requests * 1e6 / summary.duration, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    latency:percentile(99.9) / 1e3, latency.max / 1e3, e.connect + e.read + e.write + e.timeout, summary.bytes,
    e.status))
end
"""


def costs(process, run, seconds):
    """What `run(seconds)` reports, and what it cost the server. Where the machine is so busy that nothing was served, it gets
    longer."""
    for longer in (1, 4, 16):
        server, database = process.clock(), process.database_clock()
        result = run(seconds * longer)
        if result["rps"] > 0:
            break
    each = 1e6 / max(1, result["answered"])
    result["cpu_us"] = round(server.used_s() * each, 1)
    if database is not None:
        result["database_cpu_us"] = round(database.used_s() * each, 1)
    result["rss_mb"] = round(process.memory_mb("VmRSS"), 1)
    result["bytes_each"] = round(result["bytes"] / max(1, result["answered"]))
    return result


def wrk(process, folder, path, connections, seconds, headers=None):
    script = folder / "says.lua"
    script.write_text(WRK_SAYS)
    command = ["wrk", "-t", str(min(connections, 2)), "-c", str(connections), "-s", str(script)]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    address = f"http://127.0.0.1:{process.port}{path}"

    def run(time):
        said = subprocess.run(command + ["-d", f"{time}s", address], stdout=subprocess.PIPE, check=True).stdout.decode()
        result = json.loads([line for line in said.splitlines() if line.startswith("{")][-1])
        result["rps"] = (result["answered"] - result["refused"]) / result["seconds"]  # only what was served counts
        return result
    return costs(process, run, seconds)


def h2load(process, path, connections, seconds):
    """The same question by another tool, over HTTP/1.1: whoever doubts wrk compares the two."""
    command = ["h2load", "--h1", "-t", str(min(connections, 2)), "-c", str(connections)]

    def run(time):
        said = subprocess.run(command + ["-D", str(time), f"http://127.0.0.1:{process.port}{path}"], stdout=subprocess.PIPE,
                              check=True).stdout.decode()
        served = re.search(r"(\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", said)
        total = re.search(r"requests: (\d+) total, .* (\d+) done, .* (\d+) failed, (\d+) errored", said)
        size = re.search(r"traffic: .*?\((\d+)\) total", said)
        return {"answered": int(total[2]), "seconds": float(time), "rps": int(served[1]) / float(time),
                "bytes": int(size[1]), "errors": int(total[3]), "refused": int(served[3]) + int(served[4])}
    return costs(process, run, seconds)


def client(build, process, requests, connections, seconds, again=False, rate=0):
    """bench_load over a list of requests; with a rate, open: a request's time begins when it was due."""
    def run(time):
        command = [build / "bench" / "bench_load", str(process.port), str(connections), str(time), str(rate),
                   "again" if again else "once", str(requests)]
        result = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        good = sum(count for status, count in result["statuses"].items() if status[0] == "2")
        result["rps"] = good / max(0.001, result["seconds"])
        return result
    return costs(process, run, seconds)


def served(result):
    return sum(count for status, count in result["statuses"].items() if status[0] in "23")


def whole(build, process, requests, connections):
    """The list until each of its requests, which have keys, was answered 201: who is told to come again does."""
    for _ in range(20):
        result = client(build, process, requests, connections, 60)
        if set(result["statuses"]) == {"201"} and result["errors"] + result["unanswered"] == 0:
            return result
    raise RuntimeError("not all were taken: " + statuses(result))


def kept(result, rows, acknowledged):
    """Whether what was acknowledged is there, and nothing that nobody asked for: who got no answer may have been served."""
    return acknowledged <= rows <= acknowledged + result["errors"] + result["unanswered"]


def statuses(result):
    said = ", ".join(f"{count} x {status}" for status, count in sorted(result["statuses"].items()))
    lost = result["errors"] + result["unanswered"]
    return said + (f", {lost} without an answer" if lost else "")


# ---- lists of requests ----

def get(path, headers=None, host="127.0.0.1"):
    head = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{head}\r\n".encode()


def post(path, token, body, key=None, headers=None):
    data = json.dumps(body).encode()
    more = {"Authorization": f"Bearer {token}"} if token else {}
    more |= {"Idempotency-Key": key} if key else {}
    more |= headers or {}
    head = "".join(f"{name}: {value}\r\n" for name, value in more.items())
    return (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n").encode() + data


def write_list(path, requests):
    with open(path, "wb") as out:
        for request in requests:
            out.write(b"%d\n" % len(request) + request)
    return path


def day(ahead):
    return (datetime.date.today() + datetime.timedelta(days=ahead)).isoformat()


def use_of(city, booker, visit):
    """Each booker's seven day visits, eleven days apart, at facilities in turn: no two of hers meet."""
    start = day(3 + booker % 11 + 11 * visit)
    facility = city.facilities[(booker // 11 + visit) % len(city.facilities)]
    return {"facility": facility, "care": "day", "start": start, "end": start}


def bookings(city, visits):
    """Each visit's people in an order of its own, the same in every run: nobody comes in the order of her number."""
    everybody = list(enumerate(city.bookers))
    return [post("/api/v1/bookings", token, use_of(city, n, visit), f"bench-{n}-{visit}") for visit in visits
            for n, (token, *_) in random.Random(visit).sample(everybody, len(everybody))]


def quotes(city):
    return [post("/api/v1/quotes", token, use_of(city, n, 0)) for n, (token, *_) in enumerate(city.bookers)]
