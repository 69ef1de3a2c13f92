"""Load and limits: wrk for what one request repeats, bench_load for lists of requests, and what the machine can do."""
import datetime
import json
import os
import re
import subprocess

from server import pg_host

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


def costs(process, run):
    """What `run` reports, and what it cost the server."""
    before = process.cpu_s()
    result = run()
    used = process.cpu_s() - before
    result["cpu_us"] = round(used * 1e6 / max(1, result["answered"]), 1)
    return result


def wrk(process, folder, path, connections, seconds, headers=None):
    script = folder / "says.lua"
    script.write_text(WRK_SAYS)
    command = ["wrk", "-t", str(min(connections, 2)), "-c", str(connections), "-d", f"{seconds}s", "-s", str(script)]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    command.append(f"http://127.0.0.1:{process.port}{path}")

    def run():
        said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode()
        result = json.loads([line for line in said.splitlines() if line.startswith("{")][-1])
        result["rps"] = (result["answered"] - result["refused"]) / result["seconds"]  # only what was served counts
        return result
    return costs(process, run)


def client(build, process, requests, connections, seconds, again=False, rate=0):
    command = [build / "bench" / "bench_load", str(process.port), str(connections), str(seconds), str(rate),
               "again" if again else "once", str(requests)]

    def run():
        result = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        good = sum(count for status, count in result["statuses"].items() if status[0] == "2")
        result["rps"] = good / max(0.001, result["seconds"])
        return result
    return costs(process, run)


# ---- lists of requests ----

def post(path, token, body, key=None):
    data = json.dumps(body).encode()
    head = (f"POST /api/v1{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
            + (f"Idempotency-Key: {key}\r\n" if key else "")
            + f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n")
    return head.encode() + data


def write_list(path, requests):
    with open(path, "wb") as out:
        for request in requests:
            out.write(b"%d\n" % len(request) + request)
    return path


def use_of(city, booker, visit):
    """Each booker's seven day visits, eleven days apart, at facilities in turn: no two of hers meet."""
    day = datetime.date.today() + datetime.timedelta(days=3 + booker % 11 + 11 * visit)
    facility = city.facilities[(booker // 11 + visit) % len(city.facilities)]
    return {"facility": facility, "care": "day", "start": day.isoformat(), "end": day.isoformat()}


def bookings(city, visits):
    return [post("/bookings", token, use_of(city, n, visit), f"bench-{n}-{visit}")
            for visit in visits for n, (token, _) in enumerate(city.bookers)]


def quotes(city):
    return [post("/quotes", token, use_of(city, n, 0)) for n, (token, _) in enumerate(city.bookers)]


# ---- limits of the machine ----

def group_commits(build, folder, writers, seconds, rows):
    """Transactions a second of `rows` row writes on SQLite, raw, as many to a commit as there are writers."""
    said = subprocess.run([build / "bench" / "bench_db_commit", folder, str(writers), str(seconds), str(rows)],
                          stdout=subprocess.PIPE, check=True).stdout.decode()
    return int(re.search(r"raw (\d+)/s", said)[1])


def pgbench(cluster, folder, clients, seconds, rows):
    """Transactions a second of `rows` inserts on PostgreSQL, prepared, each durable by itself."""
    sql = folder / "commit.sql"
    insert = "INSERT INTO entry (a, b, t) VALUES (:a + {0}, :b - {0}, repeat('x', 200));\n"
    sql.write_text("\\set a random(1, 1000000)\n\\set b random(1, 1000000)\nBEGIN;\n"
                   + "".join(insert.format(n) for n in range(rows)) + "COMMIT;\n")
    subprocess.run(["psql", "-X", "-q", "-d", cluster, "-c",
                    "DROP TABLE IF EXISTS entry; CREATE TABLE entry (id bigserial PRIMARY KEY, a bigint NOT NULL,"
                    " b bigint NOT NULL, t text); CREATE INDEX ON entry (a); CREATE INDEX ON entry (b)"],
                   check=True, stderr=subprocess.DEVNULL)
    bin_folder = subprocess.run(["pg_config", "--bindir"], stdout=subprocess.PIPE, check=False).stdout.decode().strip()
    program = os.path.join(bin_folder, "pgbench") if bin_folder else "pgbench"
    said = subprocess.run([program if os.path.exists(program) else "pgbench", "-n", "-h", pg_host(cluster), "-U",
                           "postgres", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds), "-f",
                           str(sql), "postgres"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return float(re.search(r"tps = ([\d.]+)", said.stdout.decode())[1])
