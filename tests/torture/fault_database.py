"""Harm to PostgreSQL: killed, stopped, frozen, locked, its connections ended, its disk bad or slow."""
import os
import pathlib
import signal
import time

from fault import Fault, fault
from fault_disk import fill
from keeper import gone, living_in
from strace import Strace
from world import WAIT_S


def signal_all(cluster, number):
    for pid in living_in(cluster.data):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def cluster_up(cluster):
    """Until it takes connections: waits for its recovery, starts it if nothing of it lives."""
    until = time.monotonic() + WAIT_S
    while not cluster.answers():
        assert time.monotonic() < until, "PostgreSQL does not come back:\n" + cluster.said()
        if not living_in(cluster.data):
            cluster.forget()
            cluster.start()
        time.sleep(0.05)


@fault
class Kill(Fault):
    """F19: kill -9 of the postmaster."""
    name = "pg-kill-9"
    takes = 7.0
    engines = ("postgresql",)

    def run(self, world, chance):
        time.sleep(0.2 + chance.random() * 0.3)
        os.kill(world.cluster.pid(), signal.SIGKILL)
        gone(world.cluster.data)
        cluster_up(world.cluster)
        return 1


@fault
class Stop(Fault):
    """F19: an immediate stop, a while without, and again."""
    name = "pg-immediate"
    takes = 7.5
    engines = ("postgresql",)

    def run(self, world, chance):
        time.sleep(0.2 + chance.random() * 0.3)
        world.cluster.stop_at_once()
        time.sleep(chance.random())
        cluster_up(world.cluster)
        return 1


@fault
class Terminate(Fault):
    """F19: connections ended by the administrator, in whatever they are doing."""
    name = "pg-terminate"
    engines = ("postgresql",)

    def run(self, world, chance):
        struck = 0
        for _ in range(8):
            time.sleep(0.05 + chance.random() * 0.2)
            struck += int(world.ask_database(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE backend_type = 'client backend' "
                f"AND pid <> pg_backend_pid() AND random() < {chance.choice(['0.2', '0.5', '1.1'])}"))
        return struck


@fault
class Freeze(Fault):
    """F19: the whole database stands still."""
    name = "pg-frozen"
    engines = ("postgresql",)

    def run(self, world, chance):
        time.sleep(0.1 + chance.random() * 0.2)
        try:
            signal_all(world.cluster, signal.SIGSTOP)
            time.sleep(0.5 + chance.random() * 1.5)
        finally:
            signal_all(world.cluster, signal.SIGCONT)
        return 1


@fault
class Lock(Fault):
    """F19: somebody holds a lock on the places."""
    name = "pg-locked"
    engines = ("postgresql",)

    def run(self, world, chance):
        time.sleep(0.1 + chance.random() * 0.2)
        world.ask_database(f"BEGIN; LOCK TABLE slot IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep({1 + chance.random():.2f}); COMMIT")
        return 1


@fault
class SyncFails(Fault):
    """F3: EIO from the log's syncs; PostgreSQL panics and recovers."""
    name = "pg-sync-EIO"
    takes = 10.5
    engines = ("postgresql",)

    def run(self, world, chance):
        pids = living_in(world.cluster.data)
        with Strace(world, pids, "fdatasync", f"error=EIO:when={chance.randint(2, 6)}") as s:
            time.sleep(1)
        cluster_up(world.cluster)  # if it panicked in its recovery as well
        return s.hits


@fault
class SyncKills(Fault):
    """F19: kill -9 of whoever syncs the log at the n-th time; PostgreSQL ends everybody's connection and recovers."""
    name = "pg-kill-at-sync"
    takes = 9.5
    engines = ("postgresql",)

    def run(self, world, chance):
        with Strace(world, living_in(world.cluster.data), "fdatasync", f"signal=SIGKILL:when={chance.randint(1, 3)}") as s:
            time.sleep(1)
        cluster_up(world.cluster)
        return s.hits


@fault
class SyncSlow(Fault):
    """F10: commits take their time."""
    name = "pg-slow-sync"
    engines = ("postgresql",)
    reads = True

    def run(self, world, chance):
        with Strace(world, living_in(world.cluster.data), "fdatasync", f"delay_enter={chance.randint(50, 400) * 1000}") as s:
            time.sleep(1.5)
        return s.hits


@fault
class DiskFull(Fault):
    """F5: a cluster on a file system of its own, filled under load. PostgreSQL may end itself; once there is room it is started."""
    name = "pg-disk-full"
    takes = 12.0
    engines = ("postgresql",)
    disk_mb = 160
    cheap = False

    def run(self, world, chance):
        time.sleep(0.2 + chance.random() * 0.2)
        filler = fill(pathlib.Path(world.cluster.folder))
        try:
            world.wait_refused()
        finally:
            filler.unlink()
        cluster_up(world.cluster)
        return 1
