"""What a fault may do harm to: one server with its database, its folder and its people. Everything started here is told to the
keeper, so that nothing stays behind."""
import ctypes
import os
import sqlite3
import subprocess
import time

import blackbox
from blackbox import NOW, Site
from fault import CannotHere
from run import Cluster

PR_SET_PTRACER, ANY = 0x59616D61, ctypes.c_ulong(-1)
WAIT_S = 240


def may_be_traced():
    """In the server's process: where only parents may trace (Yama), allow it to strace as well."""
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANY, 0, 0, 0)


class KeptSite(Site):
    """A site whose process, folder and mount the keeper knows."""
    keeper = None
    today = NOW[:10]

    def before(self):
        may_be_traced()

    def make_database(self):
        self.keeper.folder(self.folder)
        super().make_database()

    def mount(self, megabytes):
        self.keeper.mount(self.data)
        super().mount(megabytes)

    def start(self, now=None, wait=True):
        self.keeper.folder(self.folder)
        super().start(now, wait=False)
        self.keeper.pid(self.process.pid)
        if wait:
            self.wait()
            self.accounts = blackbox.json.loads((self.data / "accounts.json").read_text())

    def ended(self):
        """That the server has ended by itself, with its last words; nobody asked it to."""
        code = self.process.poll()
        return [] if code is None else [f"the server ended by itself ({code}):\n{self.said()}"]


class World:
    def __init__(self, binary, engine, keeper, folder, cluster=None):
        self.binary, self.engine, self.keeper, self.folder, self.cluster = binary, engine, keeper, folder, cluster
        self.site = None
        self.rounds = 0     # played in this site
        self.earlier = set()  # wishes of rounds before
        self.house = self.crowd = None
        self.before = None  # the cluster that SANGO_TEST_PG names otherwise

    # ---- the city ----

    def fresh(self, disk_mb=None):
        self.close_site()
        KeptSite.keeper = self.keeper
        self.site = KeptSite(self.binary, self.engine, NOW, disk_mb)
        self.rounds, self.earlier = 0, set()

    def beside(self, disk_mb):
        """Another world with a city of its own, for one round."""
        world = World(self.binary, self.engine, self.keeper, self.folder, self.cluster)
        if disk_mb and self.engine == "postgresql":
            world.take_small_cluster(disk_mb)
            disk_mb = None
        try:
            world.fresh(disk_mb)
        except BaseException:
            world.close()
            raise
        return world

    def take_small_cluster(self, megabytes):
        """A PostgreSQL of its own on a file system of that size."""
        cluster = Cluster("min_wal_size = 32MB\nmax_wal_size = 32MB\n")
        self.keeper.folder(cluster.folder)
        self.keeper.mount(cluster.folder)
        if not blackbox.mount_small(cluster.folder, megabytes):
            os.rmdir(cluster.folder)
            raise CannotHere("this user may not mount a small file system")
        self.before, self.cluster = os.environ["SANGO_TEST_PG"], cluster
        os.environ["SANGO_TEST_PG"] = cluster.__enter__()

    def give_small_cluster(self):
        os.environ["SANGO_TEST_PG"], self.before = self.before, None
        self.cluster.__exit__(None, None, None)
        subprocess.run(["umount", "-l", self.cluster.folder], check=False)
        os.rmdir(self.cluster.folder)

    def close_site(self):
        site, self.site = self.site, None
        if site is not None:
            try:
                site.close()
            except subprocess.CalledProcessError:
                pass  # its database goes with its cluster
            if site.folder.exists():  # strace may have kept something open a moment longer
                subprocess.run(["rm", "-rf", str(site.folder)], check=False)

    def close(self):
        self.close_site()
        if self.before is not None:
            self.give_small_cluster()

    def servers(self):
        """Base URLs."""
        return [f"http://127.0.0.1:{self.site.port}"]

    def start(self):
        self.site.start()

    # ---- what faults ask ----

    def wait_for_end(self, seconds):
        """Until the server has ended by itself, or not."""
        try:
            self.site.process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass

    def until(self, what, why):
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            if what():
                return True
            time.sleep(0.02)
        self.house.blame(why)
        return False

    def wait_progress(self, more=15):
        """Until people get things done again, by themselves."""
        before = self.house.acknowledged
        return self.until(lambda: self.house.acknowledged >= before + more or self.crowd.spent(),
                          f"no progress within {WAIT_S} s of the trouble's end")

    def wait_refused(self):
        """Until somebody noticed; whose places are used up asks for nothing that could be refused."""
        before = self.house.refused
        return self.until(lambda: self.house.refused > before or self.crowd.spent(), "the trouble was never noticed")

    def ill_sendings(self):
        return self.house.ill

    def ask_database(self, sql):
        """The first value, past the server."""
        if self.engine == "sqlite":
            with sqlite3.connect(f"file:{self.site.data / 'sango.db'}?mode=ro", timeout=WAIT_S, uri=True) as database:
                return str(database.execute(sql).fetchone()[0])
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", self.site.url, "-c", sql], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
        return (done.stdout.strip().splitlines() or ["0"])[0]

    def verify(self):
        """Broken lines of `sango verify`; empty when all holds."""
        return self.verified({}, self.site.database_url())

    def verified(self, environment, url):
        done = subprocess.run([self.binary, "verify", "--db", url], env=dict(os.environ, **environment),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        if done.returncode == 0:
            return []
        lines = [line for line in done.stdout.splitlines() if line and " ok " not in line]
        return lines or [f"sango verify ended with {done.returncode}"]

