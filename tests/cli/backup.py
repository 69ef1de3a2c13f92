#!/usr/bin/env python3
"""backup.py PROGRAM: a live database is copied, the copy restored and served; what is damaged or in the way is refused."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "site"))
from blackbox import NOW, START_SECONDS, free_port  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])


def run(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False)


def refused(done, pattern):
    assert done.returncode == 1 and pattern in done.stderr and done.stderr.count("\n") == 1, done


class Demo:
    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.process = subprocess.Popen([PROGRAM, "demo", "--dir", folder, "--port", str(self.port),
                                         "--now", NOW],  # else a request may lapse between two looks
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(10 * START_SECONDS):
            try:
                self.get("/city")
                return
            except OSError:
                assert self.process.poll() is None
                time.sleep(0.1)
        raise AssertionError("no answer")

    def get(self, path):
        token = json.loads((self.folder / "accounts.json").read_text())[0]["token"]
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/v1{path}",
                                         headers={"Authorization": "Bearer " + token})
        with urllib.request.urlopen(request, timeout=START_SECONDS) as answer:
            return json.load(answer)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(START_SECONDS) == 0


def a_live_database_is_copied(at):
    demo = Demo(at / "demo")
    at.bookings = demo.get("/bookings?limit=200")["bookings"]
    done = run("backup", "--db", f"sqlite:{at}/demo/sango.db", "--to", at / "copy.db")
    assert done.returncode == 0 and done.stdout == f"{at}/copy.db\n", done
    assert sorted(p.name for p in at.glob("copy.db*")) == ["copy.db", "copy.db.sha256"]
    assert subprocess.run(["sha256sum", "-c", "--quiet", "copy.db.sha256"], cwd=at, check=False).returncode == 0
    assert (at / "copy.db").stat().st_mode & 0o777 == 0o600
    refused(run("restore", "--from", at / "copy.db", "--db", f"sqlite:{at}/demo/sango.db"), "使用中")
    demo.stop()
    refused(run("restore", "--from", at / "copy.db", "--db", f"sqlite:{at}/demo/sango.db"), "別の場所に移して")


def an_existing_backup_stays(at):
    before = (at / "copy.db").read_bytes()
    refused(run("backup", "--db", f"sqlite:{at}/demo/sango.db", "--to", at / "copy.db"), "すでにあります")
    assert (at / "copy.db").read_bytes() == before


def the_copy_is_restored_and_served(at):
    for end in ("", "-wal", "-shm", ".lock"):
        (at / ("demo/sango.db" + end)).unlink(missing_ok=True)
    done = run("restore", "--from", at / "copy.db", "--db", f"sqlite:{at}/demo/sango.db")
    assert done.returncode == 0, done
    demo = Demo(at / "demo")
    assert demo.get("/bookings?limit=200")["bookings"] == at.bookings
    demo.stop()
    assert run("verify", "--db", f"sqlite:{at}/demo/sango.db").returncode == 0


def one_flipped_byte_is_refused(at):
    damaged = at / "damaged.db"
    whole = (at / "copy.db").read_bytes()
    shutil.copy(at / "copy.db.sha256", at / "damaged.db.sha256")
    for place in (17, 4096 * 3 + 900, len(whole) // 2, len(whole) - 5):
        changed = bytearray(whole)
        changed[place] ^= 0x40
        damaged.write_bytes(changed)
        refused(run("restore", "--from", damaged, "--db", f"sqlite:{at}/new.db"), "壊れています")
    damaged.write_bytes(whole[:-4096])
    refused(run("restore", "--from", damaged, "--db", f"sqlite:{at}/new.db"), "壊れています")
    (at / "damaged.db.sha256").unlink()
    refused(run("restore", "--from", damaged, "--db", f"sqlite:{at}/new.db"), "sha256 がありません")
    assert not list(at.glob("new.db")) and not list(at.glob("*.partial*"))


def a_damaged_source_is_not_copied(at):
    """The file is broken where only a look at every page finds it."""
    source = at / "broken.db"
    changed = bytearray((at / "copy.db").read_bytes())
    for page in range(20, 60):
        changed[page * 4096:page * 4096 + 12] = b"\x5a" * 12
    source.write_bytes(changed)
    refused(run("backup", "--db", f"sqlite:{source}", "--to", at / "never.db"), "。")
    assert not list(at.glob("never.db*"))


def other_things_are_refused_in_one_sentence(at):
    refused(run("backup", "--db", "postgresql://nowhere/x", "--to", at / "x"), "pg_dump")
    refused(run("restore", "--from", at / "copy.db", "--db", "postgresql://nowhere/x"), "pg_restore")
    refused(run("backup", "--db", f"sqlite:{at}/nothing.db", "--to", at / "x"), "ありません")
    (at / "note.txt").write_text("not a database")
    refused(run("backup", "--db", f"sqlite:{at}/note.txt", "--to", at / "x"), "。")
    (at / "left.db-wal").write_bytes(b"left by another")
    refused(run("restore", "--from", at / "copy.db", "--db", f"sqlite:{at}/left.db"), "left.db-wal があります")
    for arguments in (["backup"], ["backup", "--db", "x"], ["restore", "--db", "x", "--from", "y"]):
        assert run(*arguments).returncode == 2


class Place(type(pathlib.Path())):
    """A path that carries what the cases hand on."""


def main():
    cases = [a_live_database_is_copied, an_existing_backup_stays, the_copy_is_restored_and_served,
             one_flipped_byte_is_refused, a_damaged_source_is_not_copied, other_things_are_refused_in_one_sentence]
    print(f"1..{len(cases)}")
    failed = 0
    with tempfile.TemporaryDirectory(prefix="sango-backup-") as folder:
        at = Place(folder)
        for number, case in enumerate(cases, 1):
            try:
                case(at)
                print(f"ok {number} - {case.__name__}")
            except (AssertionError, OSError) as fault:
                failed += 1
                print(f"not ok {number} - {case.__name__}\n# {fault!r}")
    return 1 if failed else 0


sys.exit(main())
