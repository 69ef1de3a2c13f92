"""What the machine can do with the row writes of one booking and nothing else: the limit that bookings on PostgreSQL are
measured by (on SQLite: bare_rows).

PostgreSQL's own counters say, for 200 bookings, which tables a booking inserts into and updates, and its catalogue how
many indexes, foreign keys and bytes each of those rows has. From that come tables and a transaction of the same shape
(a row each with as many index entries, as many foreign keys into a table of 10,000 rows, as many bytes; updates of one
of 1,000 rows), which pgbench runs: prepared, durable, without reading and without rules. Of the
index entries every other one is of somebody (one of 3,000) and the rest are in order of time, as a booking's are."""
import math
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from server import pg_host

PARENTS, UPDATED, PEOPLE = 10000, 1000, 3000
TABLES = """SELECT s.relname, s.n_tup_ins, s.n_tup_upd, s.n_tup_del,
 (SELECT count(*) FROM pg_index i WHERE i.indrelid = s.relid AND NOT i.indisprimary AND i.indpred IS NULL),
 (SELECT count(*) FROM pg_constraint c WHERE c.conrelid = s.relid AND c.contype = 'f'),
 (SELECT coalesce(sum(w.stawidth), 0) FROM pg_statistic w WHERE w.starelid = s.relid)
FROM pg_stat_user_tables s"""
PARTIAL = """SELECT c.relname, pg_get_expr(i.indpred, i.indrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_stat_user_tables s ON s.relid = i.indrelid WHERE i.indpred IS NOT NULL"""


def snapshot(city):
    """Counters of every table: name -> [inserted, updated, deleted, indexes, foreign keys, bytes, entries in partial
    indexes]."""
    city.sql("ANALYZE")
    tables = {line[0]: [int(value) for value in line[1:]] + [0] for line in city.table(TABLES)}
    for table, condition in city.table(PARTIAL):
        tables[table][6] += int(city.sql(f"SELECT count(*) FROM {table} WHERE {condition}"))
    return tables


class Shape:
    """The row writes of one booking, seen as the difference of two snapshots `bookings` bookings apart."""

    def __init__(self, before, after, bookings):
        self.writes = []  # (table, inserts, updates, deletes, index entries beyond the key, foreign keys, bytes)
        for table, now in sorted(after.items()):
            inserted, updated, deleted = (round((now[i] - before[table][i]) / bookings) for i in range(3))
            if inserted + updated + deleted > 0:
                partial = round((now[6] - before[table][6]) / bookings / max(1, inserted))
                self.writes.append((table, inserted, updated, deleted, now[3] + partial, now[4], now[5]))
        self.rows = sum(sum(write[1:4]) for write in self.writes)

    def says(self):
        entries = sum(write[1] * (1 + write[4]) for write in self.writes)
        keys = sum(write[1] * write[5] for write in self.writes)
        size = sum(write[1] * write[6] for write in self.writes)
        return (f"a booking writes {self.rows} rows ({sum(w[1] for w in self.writes)} new ones of {size} bytes with "
                f"{entries} index entries and {keys} foreign keys, {sum(w[2] for w in self.writes)} changed): "
                + ", ".join(f"{w[0]} {w[1]}+{w[2]}" for w in self.writes))

    def tables(self):
        """Statements that make them anew."""
        made = ["DROP TABLE IF EXISTS " + name for name in [f"limit_{w[0]}" for w in self.writes] + ["limit_parent"]]
        made += ["CREATE TABLE limit_parent (city bigint NOT NULL, id bigint NOT NULL, PRIMARY KEY (city, id))",
                 FILLED.format("limit_parent", PARENTS, "1", "n")]
        for table, _, updates, deletes, indexes, keys, _ in self.writes:
            name = f"limit_{table}"
            columns = ["city bigint NOT NULL", "id bigint NOT NULL", "n bigint NOT NULL", "t text NOT NULL"]
            columns += [f"k{i} bigint NOT NULL" for i in range(indexes)]
            columns += [f"f{i} bigint NOT NULL" for i in range(keys)]
            columns += ["PRIMARY KEY (city, id)"]
            columns += [f"FOREIGN KEY (city, f{i}) REFERENCES limit_parent (city, id)" for i in range(keys)]
            made.append(f"CREATE TABLE {name} ({', '.join(columns)})")
            made += [f"CREATE INDEX {name}_{i} ON {name} (city, k{i})" for i in range(indexes)]
            if updates + deletes > 0:
                values = ["1", "n", "0", "'" + "x" * 40 + "'"] + ["n"] * (indexes + keys)
                made.append(FILLED.format(name, UPDATED, ", ".join(values[:-1]), values[-1]))
        return made

    def transaction(self, fresh, parent, person, updated):
        """Its statements. The arguments stand for: a number never used, one of a parent, of a person, one to update."""
        made = []
        for table, inserts, updates, deletes, indexes, keys, size in self.writes:
            names = ["city", "id", "n", "t"] + [f"k{i}" for i in range(indexes)] + [f"f{i}" for i in range(keys)]
            filler = "'" + "x" * max(1, size - 8 * (len(names) - 1)) + "'"
            for number in range(inserts):
                values = ["1", f"{fresh} + {number}", "0", filler] + [fresh if i % 2 else person for i in range(indexes)]
                values += [parent] * keys
                made.append(f"INSERT INTO limit_{table} ({', '.join(names)}) VALUES ({', '.join(values)})")
            made += [f"UPDATE limit_{table} SET n = n + 1 WHERE city = 1 AND id = {updated}"] * updates
            made += [f"DELETE FROM limit_{table} WHERE city = 1 AND id = {fresh} + {n}" for n in range(deletes)]
        return made


FILLED = "INSERT INTO {0} SELECT {2}, {3} FROM generate_series(1, {1}) AS n"


def pgbench_make(cluster, folder, shape):
    """Makes the tables; returns the script of one transaction."""
    made = ";\n".join(shape.tables()) + ";\n"
    subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", cluster, "-f", "-"], input=made.encode(),
                   check=True, stderr=subprocess.DEVNULL)
    script = folder / "pgbench.sql"
    variables = {"parent": f"random(1, {PARENTS})", "person": f"random(1, {PEOPLE})", "updated": f"random(1, {UPDATED})",
                 "n": ":n + 1", "fresh": f"(:client_id * 1000000000 + :n + {UPDATED}) * 16"}
    script.write_text("".join(f"\\set {name} {value}\n" for name, value in variables.items()) + "BEGIN;\n"
                      + ";\n".join(shape.transaction(":fresh::bigint", ":parent", ":person", ":updated")) + ";\nCOMMIT;\n")
    return script


def pgbench(cluster, script, clients, seconds):
    """Such transactions on PostgreSQL, a round trip a statement, each durable by itself: how many a second, and the
    milliseconds that 99 of 100 took at most. Where the machine is so busy that not one is done, it gets longer."""
    folder = subprocess.run(["pg_config", "--bindir"], stdout=subprocess.PIPE, check=False).stdout.decode().strip() \
        if os.path.exists("/usr/bin/pg_config") else ""
    program = os.path.join(folder, "pgbench")
    for longer in (1, 4, 16, 64):
        logs = pathlib.Path(tempfile.mkdtemp(dir=script.parent))
        said = subprocess.run([program if os.path.exists(program) else "pgbench", "-n", "-h", pg_host(cluster), "-U",
                               "postgres", "-M", "prepared", "-D", "n=0", "-c", str(clients), "-j", str(min(clients, 2)), "-T",
                               str(seconds * longer), "--log", f"--log-prefix={logs / 'log'}", "-f", str(script), "postgres"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
        rate = re.search(r"tps = ([\d.]+)", said.stdout.decode())
        times = sorted(int(line.split()[2]) for log in logs.iterdir() for line in log.read_text().splitlines())
        shutil.rmtree(logs)
        if rate and times:
            return {"rps": float(rate[1]), "p99_ms": times[math.ceil(len(times) * 0.99) - 1] / 1000}
    raise RuntimeError("pgbench did nothing: " + said.stdout.decode())
