#!/usr/bin/env python3
"""serve.py PROGRAM: `sango serve` does not start where it must not, and one sentence in Japanese says what to do."""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "site"))
from blackbox import START_SECONDS, free_port  # noqa: E402

PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
CITIES = pathlib.Path(__file__).resolve().parent / "../../cities"


class Place:
    """A folder with a configuration that would serve."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sango-serve-"))
        self.data, self.conf = self.folder / "sango.db", self.folder / "sango.conf"
        shutil.copy(CITIES / "hirakata.json", self.folder)
        (self.folder / "mail").mkdir()
        self.port = free_port()
        self.configure()
        assert self.run("migrate", "--db", f"sqlite:{self.data}").returncode == 0

    def configure(self, **changed):
        values = {"listen": f"127.0.0.1:{self.port}", "database": f"sqlite:{self.data}",
                  "public_url": f"http://127.0.0.1:{self.port}", "city": "hirakata.json",
                  "mail": f"dir:{self.folder / 'mail'}", "mail_from": "sango@example.jp"} | changed
        self.conf.write_text("".join(f"{key} = {value}\n" for key, value in values.items()))
        self.conf.chmod(0o640)

    def run(self, *arguments, before=()):
        return subprocess.run([*before, PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=START_SECONDS, check=False)

    def refused(self, words, before=(), status=1):
        """Serving is refused with these words, and `check` says the same."""
        for command in ("serve", "check"):
            done = self.run(command, "--config", str(self.conf), before=before)
            assert done.returncode == status and re.search(words, done.stdout), (command, done.returncode, done.stdout)

    def serve(self):
        process = subprocess.Popen([PROGRAM, "serve", "--config", str(self.conf)], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in process.stdout:
            if '"serving"' in line:
                return process
        raise AssertionError("it does not serve")

    def close(self):
        shutil.rmtree(self.folder)


def a_fit_place_serves(place):
    process = place.serve()
    done = place.run("check", "--config", str(place.conf))
    assert done.returncode == 0, done.stdout
    second = place.run("serve", "--config", str(place.conf))
    assert second.returncode == 1 and "別の sango が使用中です" in second.stdout, second.stdout
    process.terminate()
    assert process.wait(START_SECONDS) == 0, process.stdout.read()


def data_that_all_may_read(place):
    place.data.chmod(0o644)
    place.refused(r"データベース .+ を、この機械の誰でも.+chmod 600")


def rules_that_all_may_write(place):
    (place.folder / "hirakata.json").chmod(0o666)
    place.refused(r"hirakata.json を誰でも書き換えられます。chmod 640")
    (place.folder / "hirakata.json").chmod(0o644)
    place.conf.chmod(0o642)
    place.refused(r"sango.conf を誰でも書き換えられます。chmod 640")


def a_secret_that_all_may_read(place):
    secret = place.folder / "secret"
    secret.write_text("correct horse\n")
    secret.chmod(0o644)
    place.configure(mail="smtp://mail.example.jp:587", smtp_user="sango", smtp_password_file="secret")
    place.refused(r"秘密のファイル .+ を誰でも読めます。chmod 600")
    place.configure(database="postgresql://sango:secret@127.0.0.1:1/sango")
    place.conf.chmod(0o644)
    place.refused(r"database にパスワードがあり、ファイルを誰でも読めます。chmod 640")


def a_clock_that_cannot_be_right(place):
    if not shutil.which("faketime"):
        return "faketime is not installed"
    return place.refused(r"この機械の時計が 2020-02-29 になっています。.+timedatectl",
                         before=["faketime", "2020-02-29 12:00:00"])


def told_by_the_manager(place):
    """Type=notify: ready when it answers, the watchdog is fed, stopping is said."""
    path = str(place.folder / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(path)
        manager.settimeout(START_SECONDS)
        process = subprocess.Popen([PROGRAM, "serve", "--config", str(place.conf)], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env=os.environ | {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "300000"})
        assert manager.recv(1000).startswith(b"READY=1")
        with socket.create_connection(("127.0.0.1", place.port), timeout=START_SECONDS) as client:
            client.sendall(b"GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            assert client.recv(1000).startswith(b"HTTP/1.1 200 ")
        assert manager.recv(1000).startswith(b"WATCHDOG=1")
        process.terminate()
        said = [manager.recv(1000)]
        while not said[-1].startswith(b"STOPPING=1"):
            said.append(manager.recv(1000))
        assert process.wait(START_SECONDS) == 0


def main():
    cases = [a_fit_place_serves, data_that_all_may_read, rules_that_all_may_write, a_secret_that_all_may_read,
             a_clock_that_cannot_be_right, told_by_the_manager]
    print(f"1..{len(cases)}")
    failed = 0
    for number, case in enumerate(cases, 1):
        place = Place()
        try:
            skipped = case(place)
            print(f"ok {number} - {case.__name__}" + (f" # SKIP {skipped}" if skipped else ""))
        except Exception as why:  # pylint: disable=broad-except
            failed += 1
            print(f"not ok {number} - {case.__name__}\n# " + repr(why).replace("\n", "\n# "))
        finally:
            place.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
