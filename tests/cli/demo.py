#!/usr/bin/env python3
"""demo.py PROGRAM: the folder and the clock of a demo, from the outside."""
import datetime
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "site"))
from blackbox import START_SECONDS, free_port  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])


def between(demo):
    """The demo's time, and the machine's before and after it was asked for."""
    began, now = time.time(), demo.now()
    return began, now, time.time()


def run(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False, timeout=START_SECONDS)


class Demo:
    """Runs while the block runs."""

    def __init__(self, folder, *more):
        self.folder, self.port, self.more = pathlib.Path(folder), free_port(), more

    def __enter__(self):
        self.process = subprocess.Popen([PROGRAM, "demo", "--dir", str(self.folder), "--port", str(self.port), *self.more],
                                        cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        for _ in range(20 * START_SECONDS):
            try:
                self.get("/city")
                return self
            except OSError:
                assert self.process.poll() is None, "ended"
                time.sleep(0.05)
        raise AssertionError("no answer")

    def __exit__(self, *fault):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(START_SECONDS) == 0

    def accounts(self):
        return json.loads((self.folder / "accounts.json").read_text())

    def get(self, path, token=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/v1{path}",
                                         headers={"Authorization": "Bearer " + token} if token else {})
        with urllib.request.urlopen(request, timeout=START_SECONDS) as answer:
            return json.load(answer)

    def now(self):
        today = "2026-06-01"
        return datetime.datetime.fromisoformat(self.get(f"/vacancies?care=day&from={today}&to={today}")["as_of"])


def wrong_arguments_are_one_sentence(at):
    for arguments in ([], ["--dir", at / "x"], ["--port", "80"], ["--dir", at / "x", "--port", "0"],
                      ["--dir", at / "x", "--port", "65536"], ["--dir", at / "x", "--port", "80", "--now", "tomorrow"],
                      ["--dir", at / "x", "--port", "80", "--now", "2020-01-01T00:00:00+09:00"],
                      ["--dir", at / "x", "--port", "80", "--db", "mysql://x"], ["--dir"], ["--dir", ""],
                      ["--dir", at / "x", "--port", "80", "--colour", "red"]):
        done = run("demo", *arguments)
        assert done.returncode == 2 and done.stdout == "" and done.stderr.count("\n") == 1, (arguments, done)
    assert not (at / "x").exists()


def what_is_not_ours_is_left_alone(at):
    folder = at / "other"
    folder.mkdir()
    (folder / "letter").write_text("mine")
    done = run("demo", "--dir", folder, "--port", free_port())
    assert done.returncode == 1 and "空" in done.stderr, done
    assert [p.name for p in folder.iterdir()] == ["letter"]


def everybody_is_there_and_can_act(at):
    with Demo(at / "demo", "--now", "2026-06-01T09:00:00+09:00") as demo:
        accounts = demo.accounts()
        assert len(accounts) == 35 and len({a["login"] for a in accounts}) == 35
        for account in accounts:
            if account["role"] == "resident":
                answer = demo.get("/me", account["token"])
                left = [pool["left"] for pool in answer["pools"]]
                approved = account["state"] in ("approved", "exempt", "twins", "used_up")
                assert approved == bool(left), (account, answer)
                assert account["state"] != "used_up" or left == [0]
        fresh = [a for a in accounts if a.get("state") == "approved" and
                 demo.get("/me", a["token"])["pools"][0]["left"] == 7 and not
                 demo.get("/bookings", a["token"])["bookings"]]
        assert len(fresh) >= 6
        city = [a for a in accounts if a["role"] == "coordinator"][0]
        states = {b["state"] for b in demo.get("/bookings?limit=200", city["token"])["bookings"]}
        assert states >= {"requested", "confirmed", "declined", "cancelled", "in-use", "completed"}, states
        at.began = between(demo)
    assert (at / "demo/accounts.json").stat().st_mode & 0o777 == 0o600


def the_clock_runs_on_and_can_be_moved(at):
    with Demo(at / "demo") as demo:
        (early, then, late), (early_too, now, late_too), slack = at.began, between(demo), 5
        assert early_too - late - slack < (now - then).total_seconds() < late_too - early + slack, (at.began, now)
    with Demo(at / "demo", "--now", "2026-08-03T10:00:00+09:00") as demo:
        assert demo.now().date() == datetime.date(2026, 8, 3)
        token = demo.accounts()[0]["token"]
        assert not [b for b in demo.get("/registrations?state=approved", token)["registrations"] if "id" not in b]
    with Demo(at / "demo") as demo:
        assert demo.now().date() == datetime.date(2026, 8, 3)
        code = run("code", "--dir", at / "demo").stdout.strip()
        staff = [a for a in demo.accounts() if a["role"] == "auditor"][0]
        body = json.dumps({"login": staff["login"], "password": staff["password"], "otp": code}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{demo.port}/api/v1/session", data=body,
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=START_SECONDS) as answer:
            assert json.load(answer)["role"] == "auditor"


def an_interrupted_making_is_begun_again(at):
    folder = at / "half"
    for wait in (0.004, 0.01, 0.015, 0.02, 0.03, 0.06, 0.1, 0.15):
        process = subprocess.Popen([PROGRAM, "demo", "--dir", str(folder), "--port", str(free_port())],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        process.kill()
        process.wait()
    with Demo(folder) as demo:
        assert len(demo.accounts()) == 35
    assert run("verify", "--db", f"sqlite:{folder}/sango.db").returncode == 0


def any_day_will_do(at):
    """Week days, ends of months and years, leap days: the story fits wherever it is put."""
    for number, now in enumerate(("2025-07-01T00:00:30+09:00", "2026-01-01T12:00:00+09:00", "2026-11-22T23:59:30+09:00",
                                  "2027-05-03T03:10:00+09:00", "2028-02-29T10:00:00+09:00", "2031-04-01T06:00:00+09:00",
                                  "2098-12-31T21:45:00+09:00")):
        folder = at / f"day{number}"
        with Demo(folder, "--now", now):
            done = run("verify", "--db", f"sqlite:{folder}/sango.db")
            assert done.returncode == 0, (now, done.stdout)


class Place(type(pathlib.Path())):
    """A path that carries what the cases hand on."""


def main():
    cases = [wrong_arguments_are_one_sentence, what_is_not_ours_is_left_alone, everybody_is_there_and_can_act,
             the_clock_runs_on_and_can_be_moved, an_interrupted_making_is_begun_again, any_day_will_do]
    print(f"1..{len(cases)}")
    failed = 0
    with tempfile.TemporaryDirectory(prefix="sango-demo-") as folder:
        at = Place(folder)
        for number, case in enumerate(cases, 1):
            try:
                case(at)
                print(f"ok {number} - {case.__name__}", flush=True)
            except (AssertionError, OSError) as fault:
                failed += 1
                print(f"not ok {number} - {case.__name__}\n# {fault!r}", flush=True)
    return 1 if failed else 0


sys.exit(main())
