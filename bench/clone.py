"""Many rows quickly: copies of rows that a city's life has made, by one INSERT … SELECT a table, on both engines.

A nation is one city's rows in many cities: every row names its city, and nothing else needs to differ. A long past is one
city's completed uses with other numbers and earlier days. A large city is one city's facilities with other numbers.
What is copied was made by the services, so every copy is as consistent as its pattern, but for what past() says."""
import subprocess

from server import sqlite

# Far enough apart that a copy's numbers meet nobody else's: 41 bits of milliseconds, 22 random ones (base/id.h).
APART = 97_531_246_801_357
SPAN = 545      # days from one copy of the past to the next
STEPS = 170     # so many steps back in time, then from the beginning


class Filler:
    """Runs statements on a database that nobody serves, as fast as it goes: it is thrown away when something fails."""

    def __init__(self, city):
        self.city, self.sqlite = city, city.engine == "sqlite"
        self.statements = []
        self.columns = {}
        for table, column in city.table(
                "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' "
                "AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid" if self.sqlite else
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
                "ORDER BY table_name, ordinal_position"):
            self.columns.setdefault(table, []).append(column)

    def add(self, statement):
        self.statements.append(statement)

    def copies(self, count):
        """bench_copy: a row for each copy, the farthest first, so that new numbers ascend."""
        series = (f"WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count})" if self.sqlite
                  else f"WITH s AS (SELECT n FROM generate_series(1, {count}) AS n)")
        self.add("CREATE TABLE bench_copy (n INTEGER PRIMARY KEY, k BIGINT)")
        self.add(f"INSERT INTO bench_copy {series} SELECT n, {count} + 1 - n FROM s")

    def copy(self, table, others="bench_copy o", where="", again="", **changed):
        """Inserts the rows `where` of `table` t once for each row of `others` o, with some columns changed."""
        names = self.columns[table]
        values = ", ".join(changed.get(name, f"t.{name}") for name in names)
        assert set(changed) <= set(names), table
        self.add(f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {others} CROSS JOIN {table} t "
                 f"WHERE {where or '1 = 1'} {again}")

    def day(self, name, days):
        """A column of days, moved back."""
        return (f"date(t.{name}, '-' || ({days}) || ' days')" if self.sqlite
                else f"to_char(t.{name}::date - ({days})::integer, 'YYYY-MM-DD')")

    def indexes(self):
        """(name, statement) of every index of the tables that are filled: made anew at the end, each is sorted once."""
        filled = {statement.split()[2] for statement in self.statements if statement.startswith("INSERT")}
        return [(name, made) for name, table, made in self.city.table(
            "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL") if table in filled]

    def run(self):
        if self.sqlite:
            pragmas = ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000", "temp_store = MEMORY")
            indexes = self.indexes()
            # An index takes with it what the planner believes of it (docs/adr/0175).
            believed = "CREATE TEMP TABLE believed AS SELECT * FROM sqlite_stat1"
            again = ["DELETE FROM sqlite_stat1", "INSERT INTO sqlite_stat1 SELECT * FROM believed"]
            statements = [believed, *(f"DROP INDEX {name}" for name, _ in indexes), *self.statements,
                          *(made for _, made in indexes), *again]
            with sqlite(self.city.folder / "sango.db", isolation_level=None) as connection:
                for pragma in pragmas:
                    connection.execute("PRAGMA " + pragma)
                for statement in ["BEGIN", *statements, "COMMIT", "PRAGMA journal_mode = WAL"]:
                    connection.execute(statement)
        else:
            script = ";\n".join(["SET session_replication_role = replica", "BEGIN", *self.statements, "COMMIT",
                                 "ANALYZE", "CHECKPOINT"]) + ";\n"
            subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.city.url, "-f", "-"],
                           input=script.encode(), check=True)
        self.statements = []


def nation(city):
    """Gives every other city of the database what the one in bench_seed's list has. Tables in which another city has
    rows already are left alone: those come from the cities' files."""
    filler = Filler(city)
    pattern = city.sql("SELECT id FROM city WHERE code = 'hirakata'")
    for table, names in filler.columns.items():
        if "city" not in names or int(city.sql(f"SELECT count(*) FROM {table} WHERE city <> {pattern}")) > 0:
            continue
        changed = {"city": "o.id"}
        if "message_id" in names:
            changed["message_id"] = "t.message_id || '-' || o.id"
        filler.copy(table, "city o", f"t.city = {pattern} AND o.id <> {pattern}", **changed)
    filler.run()


def past(city, count):
    """Adds `count` copies of every resident who has only completed uses, and of those: what is kept of them after years,
    so neither notices nor the audit's rows. No rules are as old as some of them."""
    filler = Filler(city)
    far = f"((o.k - 1) % {STEPS} + 1) * {SPAN}"
    less = f" - o.k * {APART}"
    filler.add("CREATE TABLE bench_use AS SELECT id, account, registration FROM booking b WHERE NOT EXISTS "
               "(SELECT 1 FROM booking l WHERE l.city = b.city AND l.account = b.account AND l.state <> 'completed')")
    filler.copies(count)

    def whose(column, of):
        return f"t.{column} IN (SELECT {of} FROM bench_use)"

    filler.copy("account", where=whose("id", "account"), id="t.id" + less, login="o.k || '.' || t.login")
    own = {"registration": "t.registration" + less}
    filler.copy("registration", where=whose("id", "registration"), id="t.id" + less, account="t.account" + less)
    filler.copy("child", where=whose("registration", "registration"), id="t.id" + less,
                birth_date=filler.day("birth_date", far), **own)
    filler.copy("consent", where=whose("registration", "registration"), **own)
    filler.copy("grant_", where=whose("registration", "registration"), account="t.account" + less,
                number="t.number + o.k * 1000000", valid_from=filler.day("valid_from", far),
                valid_to=filler.day("valid_to", far), **own)
    filler.copy("grant_pool", where=whose("registration", "registration"), **own)
    filler.copy("slot", where=f"o.k <= {STEPS} AND (t.facility, t.care, t.day) IN (SELECT facility, care, day FROM "
                "booking_night JOIN bench_use ON bench_use.id = booking_night.booking)", day=filler.day("day", far))
    filler.copy("booking", where=whose("id", "id"), id="t.id" + less, account="t.account" + less,
                start_day=filler.day("start_day", far), end_day=filler.day("end_day", far),
                created_at=f"t.created_at - {far} * 86400", changed_at=f"t.changed_at - {far} * 86400", **own)
    mine = {"booking": "t.booking" + less}
    filler.copy("booking_line", where=whose("booking", "id"), **mine)
    filler.copy("booking_night", where=whose("booking", "id"), account="t.account" + less, day=filler.day("day", far),
                **mine)
    filler.copy("booking_pool", where=whose("booking", "id"), **mine, **own)
    filler.copy("booking_event", where=whose("booking", "id"), at=f"t.at - {far} * 86400", **mine)
    filler.add("DROP TABLE bench_copy")
    filler.add("DROP TABLE bench_use")
    filler.run()


def facilities(city, count):
    """Adds `count` copies of every facility and its places to come, in other wards than the first ones, which all move to
    one."""
    filler = Filler(city)
    less = f" - o.k * {APART}"
    filler.copies(count)
    ward = "CASE o.k % 3 WHEN 0 THEN '中部' WHEN 1 THEN '東部' ELSE '南部' END"
    filler.copy("facility", id="t.id" + less, code="t.code || '-' || o.k", ward=ward)
    filler.copy("facility_care", facility="t.facility" + less)
    filler.copy("slot", where="t.day >= " + ("date('now')" if filler.sqlite else "to_char(now(), 'YYYY-MM-DD')"),
                facility="t.facility" + less, taken="0")
    filler.add("DROP TABLE bench_copy")
    filler.run()
