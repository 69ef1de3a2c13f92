#!/usr/bin/env python3
"""tests/run.py [--suite NAME]… BUILD…: runs the tests of one or more build folders and counts their cases.

One PostgreSQL cluster serves each folder's run; its address is in SANGO_TEST_PG. The first folder runs everything; the
others, and with --short all, leave out what would only repeat itself (suites once, slow, site, torture, browser). The last line
is always `N passed, N failed` (and `, N skipped` if any); exit status 0 only if something passed and nothing failed."""
import argparse
import glob
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "deploy" / "cluster"))
from postgres import WAIT_SECONDS, Trouble, give, run_tool  # noqa: E402

# What a disk does is looked at in the first build; the others are about our own memory.
WITHOUT_DISK = "fsync = off\nfull_page_writes = off\n"
ONCE = ("once", "slow", "site", "torture", "browser")
TAP = re.compile(r"^(not ok|ok)\b(.*)$", re.MULTILINE)


class Cluster:
    """A PostgreSQL server of our own: a folder of its own, a Unix socket, no network."""

    def __init__(self, settings=""):
        self.settings = settings
        self.folder = tempfile.mkdtemp(prefix="sango-pg-")
        self.data = os.path.join(self.folder, "data")
        self.running = False

    def __enter__(self):
        give(self.folder)
        self.call("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        settings = (f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\nmax_connections = 600\n"
                    "fsync = on\nlogging_collector = off\n" + self.settings)
        with open(os.path.join(self.data, "postgresql.auto.conf"), "a", encoding="utf-8") as conf:
            conf.write(settings)
        self.running = True
        self.start()
        return "postgresql:///postgres?host=" + self.folder.replace("/", "%2F") + "&user=postgres"

    def start(self):
        self.call("pg_ctl", "-D", self.data, "-w", "-t", WAIT_SECONDS, "-l", os.path.join(self.folder, "log"), "start")

    def pid(self):
        with open(os.path.join(self.data, "postmaster.pid"), encoding="utf-8") as file:
            return int(file.readline())

    def answers(self):
        return self.call("pg_isready", "-h", self.folder, "-t", "2", check=False).returncode == 0

    def said(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as file:
            return file.read()[-3000:]

    def forget(self):
        """The traces of a killed server; where nobody buries the dead its number looks alive."""
        for trace in (os.path.join(self.data, "postmaster.pid"), *glob.glob(os.path.join(self.folder, ".s.PGSQL.*"))):
            if os.path.exists(trace):
                os.unlink(trace)

    def stop_at_once(self):
        self.call("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "-t", WAIT_SECONDS, "stop", check=False)

    def __exit__(self, *_):
        if self.running:
            self.stop_at_once()
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, program, *args, check=True):
        return run_tool(self.folder, program, *args, check=check)


def run_build(build, suites, first):
    """Runs `meson test`; returns the list of its results, one dictionary a test."""
    log = pathlib.Path(build, "meson-logs", "testlog.json")
    log.unlink(missing_ok=True)
    command = ["meson", "test", "-C", build, "--no-rebuild", "--timeout-multiplier", "4",
               "--num-processes", str(2 * (os.cpu_count() or 1))]  # half of them wait for a disk
    for suite in suites:
        command += ["--suite", suite]
    for suite in () if first else ONCE:
        command += ["--no-suite", suite]
    status = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode
    results = []
    if log.exists():
        with open(log, encoding="utf-8", errors="replace") as lines:
            results = [json.loads(line) for line in lines]
    if status != 0 and all(good(result) for result in results):
        # Died before or between the tests: no build, a broken meson.build, a signal.
        results.append({"name": f"meson test -C {build} (exit status {status})", "result": "ERROR", "stdout": ""})
    return results


def good(result):
    return result["result"] in ("OK", "SKIP", "EXPECTEDFAIL")


def count(result):
    """(passed, failed, skipped) cases of one test program."""
    passed = failed = skipped = 0
    for verdict, rest in TAP.findall(result.get("stdout") or ""):
        if re.search(r"#\s*SKIP\b", rest, re.IGNORECASE):
            skipped += 1
        elif verdict == "ok" or re.search(r"#\s*TODO\b", rest, re.IGNORECASE):
            passed += 1
        else:
            failed += 1
    if passed + failed + skipped == 0:  # a test that only has an exit status
        return {"OK": (1, 0, 0), "EXPECTEDFAIL": (1, 0, 0), "SKIP": (0, 0, 1)}.get(result["result"], (0, 1, 0))
    if failed == 0 and not good(result):  # crashed, timed out or leaked after its last case
        failed = 1
    return passed, failed, skipped


def show(build, result):
    print(f"\n--- {build}: {result['name']}: {result['result']} ---")
    for stream in ("stdout", "stderr"):
        if result.get(stream):
            print(result[stream].rstrip("\n"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--suite", action="append", default=[])
    parser.add_argument("--short", action="store_true")
    parser.add_argument("build", nargs="+")
    args = parser.parse_args()
    # Being told to stop must still stop the cluster.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    total = [0, 0, 0]
    try:
        os.environ.setdefault("ASAN_OPTIONS", "detect_leaks=1:detect_stack_use_after_return=1:abort_on_error=1")
        os.environ.setdefault("UBSAN_OPTIONS", "print_stacktrace=1:halt_on_error=1")
        os.environ.setdefault("TSAN_OPTIONS", "halt_on_error=1:second_deadlock_stack=1")
        for number, build in enumerate(args.build):
            with Cluster("" if number == 0 else WITHOUT_DISK) as address:
                os.environ["SANGO_TEST_PG"] = address
                for result in run_build(build, args.suite, number == 0 and not args.short):
                    total = [a + b for a, b in zip(total, count(result))]
                    if not good(result):
                        show(build, result)
    except Trouble as trouble:
        print(f"tests/run.py: {trouble}")
        total[1] += 1
    finally:
        sys.stdout.flush()
        print(f"{total[0]} passed, {total[1]} failed" + (f", {total[2]} skipped" if total[2] else ""))
    return 0 if total[1] == 0 and total[0] > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
