"""PostgreSQL's own programs on this machine (tests/run.py runs its server by them, too), and by them two servers: one
writes, the other follows and has everything that was acknowledged. Each has a folder and a port of its own; passwords lie in a
file only its owner may read. Nothing here knows sango."""
import glob
import os
import pathlib
import secrets
import shutil
import subprocess
import time

WAIT_SECONDS = 240
SETTINGS = """listen_addresses = '127.0.0.1'
unix_socket_directories = ''
port = {port}
max_connections = 100
wal_level = replica
# A commit is acknowledged when the other server has it on disk, too.
synchronous_commit = on
wal_keep_size = 256MB
hot_standby = on
log_min_messages = warning
"""


class Trouble(Exception):
    """Says in a sentence what did not work."""


def find_tools():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/pg_ctl"), key=lambda path: int(path.split("/")[4]))
    if not found:
        raise Trouble("PostgreSQL is not installed: apt-get install postgresql")
    return pathlib.Path(found[-1]).parent


def run_tool(folder, program, *arguments, check=True, passes=os.devnull):
    """Runs a program of PostgreSQL in the folder, as the user it accepts to run as; `passes` has the passwords. What it did
    and said; unless it may fail, a bad end is trouble."""
    command = [str(find_tools() / program), *map(str, arguments)]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    done = subprocess.run(command, cwd=folder, env=dict(os.environ, PGPASSFILE=str(passes)), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if check and done.returncode != 0:
        raise Trouble(f"{program} failed:\n{done.stdout}")
    return done


def alive(pid):
    try:
        os.kill(pid, 0)
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def give(path):
    """PostgreSQL refuses to run as root; what root makes for it then belongs to its own user."""
    if os.geteuid() == 0:
        shutil.chown(path, "postgres", "postgres")


def folder_of(pid):
    """Where a process works; None when it has ended."""
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return None


class Pair:
    """`folder` is made by `make` and read again by anyone who has its path; `ports` are those of a and b."""

    def __init__(self, folder, ports):
        find_tools()  # else trouble, before anything is made
        self.folder, self.ports = pathlib.Path(folder), dict(zip("ab", ports))
        self.passes = self.folder / "pgpass"
        self.server_passes = self.folder / "pgpass-postgres"  # the same, for the user that the servers run as

    def data(self, name):
        return self.folder / name / "data"

    def url(self, database="sango", user="sango"):
        """What a node is told: both servers, and that it wants the one that writes."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.ports.values())
        return f"postgresql://{user}@{hosts}/{database}?target_session_attrs=read-write"

    # ---- programs ----

    def call(self, program, *arguments, check=True):
        return run_tool(self.folder, program, *arguments, check=check, passes=self.server_passes).stdout

    def sql(self, name, statement, database="postgres"):
        return self.call("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d",
                         f"host=127.0.0.1 port={self.ports[name]} user=postgres dbname={database}", "-c",
                         statement).strip()

    def start(self, name):
        self.call("pg_ctl", "-D", self.data(name), "-w", "-t", WAIT_SECONDS, "-l", self.folder / name / "log", "start")

    def stop(self, name):
        self.call("pg_ctl", "-D", self.data(name), "-m", "immediate", "-w", "-t", WAIT_SECONDS, "stop", check=False)

    def pid(self, name):
        """Of the first process; None when it does not run."""
        try:
            number = int((self.data(name) / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError):
            return None
        return number if alive(number) else None

    def bury(self, name):
        """After a kill -9: waits for the last of its processes, and removes the file that says it runs."""
        data = str(self.data(name))
        self.wait(lambda: data not in {folder_of(pid) for pid in os.listdir("/proc") if pid.isdigit()},
                  f"{name} does not end")
        (self.data(name) / "postmaster.pid").unlink(missing_ok=True)

    # ---- making them ----

    def write_secret(self, path, content):
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(content)

    def make(self):
        """Makes both, starts them, and waits until b follows a."""
        words = {user: secrets.token_hex(16) for user in ("postgres", "sango")}
        lines = "".join(f"127.0.0.1:*:*:{user}:{word}\n" for user, word in words.items())
        first = self.folder / "first-password"
        self.write_secret(self.passes, lines)
        self.write_secret(self.server_passes, lines)
        self.write_secret(first, words["postgres"] + "\n")
        give(self.server_passes)
        give(first)
        for name in "ab":
            (self.folder / name).mkdir()
            give(self.folder / name)
        self.call("initdb", "-D", self.data("a"), "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={first}", "-k",
                  "-E", "UTF8", "--locale=C.UTF-8")
        first.unlink()
        self.configure("a")
        self.start("a")
        self.sql("a", f"CREATE ROLE sango LOGIN PASSWORD '{words['sango']}'")
        self.sql("a", "CREATE DATABASE sango OWNER sango")
        self.copy("a", "b")
        self.follow("b", "a")

    def configure(self, name):
        path = self.data(name) / "cluster.conf"
        path.write_text(SETTINGS.format(port=self.ports[name]))
        give(path)  # pg_rewind writes it
        main = self.data(name) / "postgresql.conf"
        if "cluster.conf" not in main.read_text():
            with open(main, "a", encoding="utf-8") as file:
                file.write("include 'cluster.conf'\n")

    def copy(self, source, target):
        """A full copy of one server becomes the other."""
        shutil.rmtree(self.data(target), ignore_errors=True)
        self.call("pg_basebackup", "-D", self.data(target), "-X", "stream", "-c", "fast", "-d",
                  f"host=127.0.0.1 port={self.ports[source]} user=postgres")

    def follow(self, name, primary):
        """Starts a copied or rewound server as a standby and makes commits wait for it."""
        self.sql(primary, f"SELECT pg_create_physical_replication_slot('{name}') WHERE NOT EXISTS "
                          f"(SELECT FROM pg_replication_slots WHERE slot_name = '{name}')")
        self.configure(name)
        source = (f"host=127.0.0.1 port={self.ports[primary]} user=postgres application_name={name} "
                  f"passfile={self.server_passes}")
        with open(self.data(name) / "cluster.conf", "a", encoding="utf-8") as file:
            file.write(f"primary_conninfo = '{source}'\nprimary_slot_name = '{name}'\n")
        signal = self.data(name) / "standby.signal"
        signal.touch()
        give(signal)
        self.start(name)
        self.wait(lambda: self.sql(primary, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' "
                                            f"AND application_name = '{name}'") == "1", f"{name} does not follow")
        self.name_standby(primary, name)

    def name_standby(self, primary, standby):
        """Whom the primary waits for with each commit; None: nobody, it is alone."""
        self.sql(primary, f"ALTER SYSTEM SET synchronous_standby_names = '{standby or ''}'")
        self.sql(primary, "SELECT pg_reload_conf()")
        if standby:
            self.wait(lambda: self.sql(primary, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
                      == "1", "the standby does not become synchronous")

    def wait(self, done, what):
        until = time.monotonic() + WAIT_SECONDS
        while not done():
            if time.monotonic() > until:
                raise Trouble(what)
            time.sleep(0.05)

    # ---- failing over ----

    def primary(self):
        """The name of the one that writes; None while there is none."""
        for name in "ab":
            if self.pid(name) and self.sql(name, "SELECT pg_is_in_recovery()") == "f":
                return name
        return None

    def promote(self, standby):
        """The other has died: this one writes from now on, alone until somebody follows it."""
        self.call("pg_ctl", "-D", self.data(standby), "-w", "-t", WAIT_SECONDS, "promote")
        self.name_standby(standby, None)

    def rejoin(self, name, primary, whole):
        """The one that died takes back what nobody else has, or is copied as a whole, and follows."""
        if whole:
            self.copy(primary, name)
            return self.follow(name, primary)
        self.sql(primary, "CHECKPOINT")  # pg_rewind reads the new timeline from the control file
        self.call("pg_rewind", "-D", self.data(name), "--source-server",
                  f"host=127.0.0.1 port={self.ports[primary]} user=postgres dbname=postgres")
        return self.follow(name, primary)
