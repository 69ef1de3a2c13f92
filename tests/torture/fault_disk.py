"""Harm to the disk under SQLite: syncs that fail, are late or are the last thing done, and no room."""
import time

from fault import CannotHere, Fault, fault
from strace import Strace

SYNCS = "fdatasync,fsync"


@fault
class SyncFails(Fault):
    """F3: EIO from some syncs. Nothing goes on silently; the writer begins anew by itself."""
    name = "sync-EIO"
    takes = 5.0
    engines = ("sqlite",)
    reads = True

    def run(self, world, chance):
        with Strace(world, [world.site.process.pid], SYNCS, f"error=EIO:when={chance.randint(1, 6)}+{chance.randint(2, 9)}") as s:
            time.sleep(1.5 + chance.random())
        return s.hits


@fault
class SyncKills(Fault):
    """F1: kill -9 at the n-th sync, between what was written and what was promised."""
    name = "kill-at-sync"
    engines = ("sqlite",)
    answers = False

    def run(self, world, chance):
        for _ in range(2):
            with Strace(world, [world.site.process.pid], SYNCS, f"signal=SIGKILL:when={chance.randint(1, 25)}"):
                world.wait_for_end(20)
            world.site.kill()  # if it never came so far
            world.start()
        return 2


@fault
class SyncSlow(Fault):
    """F10: a disk that takes its time, and four times as many people. Writing waits or is sent away, reading goes on."""
    name = "slow-sync"
    engines = ("sqlite",)
    reads = True
    phones = 4
    pause = 0.1

    def run(self, world, chance):
        delay = chance.choice([100, 300, 600, 2000])
        with Strace(world, [world.site.process.pid], SYNCS, f"delay_enter={delay * 1000}") as s:
            time.sleep(2)
        return s.hits


@fault
class WriteNoSpace(Fault):
    """F5: ENOSPC from some write on."""
    name = "write-ENOSPC"
    engines = ("sqlite",)
    reads = True

    def run(self, world, chance):
        with Strace(world, [world.site.process.pid], "pwrite64", f"error=ENOSPC:when={chance.randint(1, 40)}+") as s:
            time.sleep(1.5)
        return s.hits


def fill(folder):
    """Takes the last byte; the file to remove."""
    filler = folder / "filler"
    with open(filler, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return filler


@fault
class DiskFull(Fault):
    """F5 for real: a file system of 96 MB, most of it room for the load itself, filled under it, then with room again, twice."""
    name = "disk-full"
    engines = ("sqlite",)
    reads = True
    disk_mb = 96

    def run(self, world, chance):
        if not world.site.data.is_mount():
            raise CannotHere("this user may not mount a small file system")
        for _ in range(2):
            time.sleep(0.2 + chance.random() * 0.2)
            filler = fill(world.site.data)
            world.wait_refused()
            filler.unlink()
            world.wait_progress()
        return 2
