"""The programs that are measured: sango on a seeded city, nginx on one file, a PostgreSQL of our own."""
import contextlib
import copy
import http.client
import importlib.util
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
CITY = ROOT / "cities" / "hirakata.json"
FACILITIES = 11
PATIENCE_S = 180  # a nation's first start on a busy machine


def of_tests(name):
    """A module of the tests: run.py knows how to make a PostgreSQL cluster, torture/keeper.py how to leave nothing behind."""
    spec = importlib.util.spec_from_file_location("tests_" + pathlib.Path(name).stem, ROOT / "tests" / name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def sqlite(*args, **options):
    """A connection that is closed when it is left."""
    return contextlib.closing(sqlite3.connect(*args, **options))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def fetch(port, path, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


class FamilyClock:
    """Seconds of processor, user and system, that a process and its children use from now on: read from their clocks,
    which count nanoseconds. Of a child that ends, what it still used is known to the kernel's tick, and never less than 0."""

    def __init__(self, pid):
        self.pid = pid
        self.before, self.ended = self.read()

    def read(self):
        """({process: seconds}, what the children that were waited for used in their lives)."""
        clocks = {}
        for number in [self.pid, *map(int, pathlib.Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split())]:
            try:
                clocks[number] = time.clock_gettime(~number << 3 | 2)  # that process's, as clock_getcpuclockid(3)
            except OSError:
                continue  # it has ended
        after_name = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return clocks, (int(after_name[13]) + int(after_name[14])) / os.sysconf("SC_CLK_TCK")

    def used_s(self):
        clocks, ended = self.read()
        living = sum(seconds - self.before.get(number, 0) for number, seconds in clocks.items())
        gone = sum(seconds for number, seconds in self.before.items() if number not in clocks)
        return living + max(0, ended - self.ended - gone)


class Process:
    """A server with its children: started, asked for what it costs, stopped."""

    def __init__(self, command, port, log, ready):
        self.port = port
        began = time.monotonic()
        with open(log, "ab") as out:
            # In its folder, by which whatever is left of it is found however the run ends.
            self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                          cwd=pathlib.Path(log).parent)
        self.start_s = None
        while self.start_s is None:
            try:
                if fetch(port, ready)[0] == 200:
                    self.start_s = time.monotonic() - began
            except OSError:
                pass
            if self.start_s is None and (self.child.poll() is not None or time.monotonic() - began > PATIENCE_S):
                said = pathlib.Path(log).read_text(encoding="utf-8", errors="replace")[-600:]
                self.stop()
                raise RuntimeError(f"{command[0]} does not answer: {said}")
            time.sleep(0.002)

    database = None  # the first process of the database server, if it has one

    def clock(self):
        return FamilyClock(self.child.pid)

    def database_clock(self):
        return None if self.database is None else FamilyClock(self.database)

    def memory_mb(self, field):
        for line in pathlib.Path(f"/proc/{self.child.pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) / 1024
        return 0

    def stop(self):
        self.child.send_signal(signal.SIGTERM)
        try:
            self.child.wait(20)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


class Nginx(Process):
    """Serves one file of given bytes as well as nginx can, until it is left."""

    def __init__(self, folder, body):
        self.site = site = pathlib.Path(tempfile.mkdtemp(prefix="nginx-", dir=folder))
        os.chmod(site, 0o755)
        (site / "page.html").write_bytes(body)
        port = free_port()
        (site / "nginx.conf").write_text(f"""daemon off; pid {site}/pid; worker_processes {os.cpu_count()};
worker_rlimit_nofile 8192; error_log {site}/error.log;
{"user root;" if os.geteuid() == 0 else ""}
events {{ worker_connections 4096; }}
http {{
    access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 1000000000;
    open_file_cache max=100; types {{ text/html html; }}
    client_body_temp_path {site}/a; proxy_temp_path {site}/b; fastcgi_temp_path {site}/c;
    uwsgi_temp_path {site}/d; scgi_temp_path {site}/e;
    server {{ listen 127.0.0.1:{port} backlog=4096; root {site}; }}
}}
""")
        super().__init__(["nginx", "-e", str(site / "error.log"), "-p", str(site), "-c", str(site / "nginx.conf")],
                         port, site / "log", "/page.html")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.site)


class Sango(Process):
    """The release binary in production's way, on a database that bench_seed filled. `settings` are lines of its
    configuration, `cities` the files of the cities it serves."""

    def __init__(self, build, folder, url, settings="", cities=(CITY,)):
        port = free_port()
        conf = folder / "sango.conf"
        # Stays until all is over: where many files were deleted, some file systems look for a while for a place for each new one.
        mail = folder.parent / "mail" / folder.name
        mail.mkdir(parents=True, exist_ok=True)
        conf.write_text(f"listen = 127.0.0.1:{port}\ndatabase = {url}\npublic_url = http://127.0.0.1:{port}\n"
                        + "".join(f"city = {path}\n" for path in cities) + f"mail = dir:{mail}\n"
                        "mail_from = bench@example.jp\nper_address = 0\n" + settings)
        conf.chmod(0o600)
        super().__init__([str(build / "sango"), "serve", "--config", str(conf)], port, folder / "log",
                         "/c/hirakata/")


class City:
    """A seeded database and those who can sign in to it. `people`: residents, bookers, pairs."""

    cities = (CITY,)

    def __init__(self, build, folder, engine, cluster, people, facilities=FACILITIES, days=540):
        self.build, self.folder, self.engine, self.cluster = build, folder, engine, cluster
        folder.mkdir()
        self.url = f"sqlite:{folder / 'sango.db'}"
        if engine == "postgresql":
            self.name = folder.name
            self.sql(f"CREATE DATABASE {self.name}", cluster)
            self.url = cluster.replace("///postgres?", f"///{self.name}?")
        done = subprocess.run([build / "bench" / "bench_seed", self.url, CITY, folder / "list",
                               *map(str, people), str(facilities), str(days)], stdout=subprocess.PIPE, check=True)
        self.says = done.stdout.decode().strip()
        rows = [line.split("\t") for line in (folder / "list").read_text().splitlines()]
        people = {kind: [row[1:] for row in rows if row[0] == kind]
                  for kind in ("booker", "holder", "waiter", "applicant", "resident", "facility", "coordinator", "admin",
                               "auditor")}
        self.bookers, self.holders, self.waiters = people["booker"], people["holder"], people["waiter"]
        self.staff, self.coordinator = people["facility"], people["coordinator"][0]
        self.admin, self.auditor = people["admin"][0], people["auditor"][0]
        self.residents, self.applicants = people["resident"], people["applicant"]
        self.facilities = [row[2] for row in self.staff]
        self.settle()

    def settle(self):
        """Nobody waits for mails, of the eighteen months or of rows before: what is measured next would pay for them."""
        sent = "UPDATE notice SET state = 'sent', sent_at = created_at WHERE state = 'waiting'"
        if self.engine == "postgresql":
            self.sql(sent)
            self.sql("VACUUM ANALYZE")
        else:
            with sqlite(self.folder / "sango.db", isolation_level=None) as connection:
                connection.execute(sent)

    def rest(self):
        """What was written is in its place, and PostgreSQL's log has files to go on in, as it has after its first minutes
        of use: while it makes one nobody commits, for some ten milliseconds in each second of a rush."""
        if self.engine == "postgresql":
            self.sql("CHECKPOINT")

    def serve(self, settings=""):
        server = Sango(self.build, self.folder, self.url, settings, self.cities)
        if self.engine == "postgresql":
            server.database = int(self.sql("SELECT pg_read_file('postmaster.pid')", self.cluster).split()[0])
        return server

    def sql(self, statement, url=None):
        """The first value of the first row."""
        if self.engine == "sqlite":
            with sqlite(f"file:{self.folder / 'sango.db'}?mode=ro", uri=True) as connection:
                return connection.execute(statement).fetchone()[0]
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-d", url or self.url, "-c", statement],
                              stdout=subprocess.PIPE, check=True)
        return done.stdout.decode().strip()

    def table(self, statement):
        """Rows of a query as lists of texts."""
        if self.engine == "sqlite":
            with sqlite(f"file:{self.folder / 'sango.db'}?mode=ro", uri=True) as connection:
                return [list(map(str, row)) for row in connection.execute(statement)]
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-d", self.url, "-c", statement],
                              stdout=subprocess.PIPE, check=True)
        return [line.split("\t") for line in done.stdout.decode().splitlines()]

    def twin(self, name):
        """The same city in a database of its own (SQLite); nobody may be serving this one."""
        other = copy.copy(self)
        other.folder = self.folder.parent / name
        other.folder.mkdir()
        other.url = f"sqlite:{other.folder / 'sango.db'}"
        shutil.copy(self.folder / "sango.db", other.folder)
        return other

    def drop(self):
        """Gives its room back."""
        shutil.rmtree(self.folder)
        if self.engine == "postgresql":
            self.sql(f"DROP DATABASE {self.name}", self.cluster)

    def bookings(self):
        return int(self.sql("SELECT count(*) FROM booking"))


def pg_host(cluster):
    return urllib.parse.parse_qs(urllib.parse.urlsplit(cluster).query)["host"][0]
