"""A running demo as a black box: the real binary, real HTTP, files and database; nothing of its inside is known here.

    site = Site(binary, "sqlite", now="2026-06-01T09:00:00+09:00")
    site.api("GET", "/vacancies?care=stay&from=2026-06-02&to=2026-06-10")
"""
import email
import email.policy
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.parse
import uuid

START_SECONDS = 240  # nothing here takes as long on any machine: who waits for so long waits in vain
NOW = "2026-06-01T09:00:00+09:00"
ports_kept = []


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:600]!r}"


class Client:
    """One keep-alive connection. Who is patient asks again when told to come again: that is an answer the machine's load
    decides; `later` counts how often anybody was."""
    later = 0

    def __init__(self, port, token=None, timeout=START_SECONDS, host="127.0.0.1", patient=True):
        self.host, self.port, self.token, self.timeout, self.patient = host, port, token, timeout, patient
        self.connection = None

    def send(self, method, path, body=None, headers=None):
        until = time.monotonic() + START_SECONDS
        answer = self.send_once(method, path, body, headers)
        while self.patient and answer.status == 503 and answer.headers["Retry-After"] and time.monotonic() < until:
            Client.later += 1
            time.sleep(0.2)
            answer = self.send_once(method, path, body, headers)
        return answer

    def send_once(self, method, path, body, headers):
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
        try:
            self.connection.request(method, path, body=body, headers=headers or {})
            return Answer(self.connection.getresponse())
        except BaseException:
            self.close()
            raise

    def api(self, method, path, body=None, key=None, headers=None):
        sent = dict(headers or {})
        if self.token:
            sent["Authorization"] = "Bearer " + self.token
        if key:
            sent["Idempotency-Key"] = key
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        return self.send(method, "/api/v1" + path, body, sent)

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Site:
    before = None  # called in the server's process before it becomes sango
    patient = True  # its clients

    def __init__(self, binary, engine, now=NOW, disk_mb=None):
        """With `disk_mb` its folder is a file system of that size, if this user may mount one (data.is_mount())."""
        self.binary, self.engine = binary, engine
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sango-site-"))
        self.data = self.folder / "demo"
        if disk_mb:
            self.mount(disk_mb)
        self.database = None
        self.url = None
        if engine == "postgresql":
            self.make_database()
        self.port = free_port()
        self.process = None
        try:
            self.start(now)
        except BaseException:  # nobody has it yet who could close it
            self.close()
            raise

    # ---- the process ----

    def mount(self, megabytes):
        self.data.mkdir()
        mount_small(self.data, megabytes)

    def make_database(self):
        admin = os.environ.get("SANGO_TEST_PG")
        if not admin:
            raise Skip("SANGO_TEST_PG names no PostgreSQL cluster")
        self.database = "site_" + uuid.uuid4().hex[:12]
        psql(admin, f"CREATE DATABASE {self.database}")
        parts = urllib.parse.urlsplit(admin)
        self.url = urllib.parse.urlunsplit(parts._replace(path="/" + self.database))
        if self.url.startswith("postgresql:/site_"):  # urlunsplit drops an empty host
            self.url = self.url.replace("postgresql:/", "postgresql:///", 1)

    def database_url(self):
        return self.url or f"sqlite:{self.data / 'sango.db'}"

    def start(self, now=None, wait=True):
        command = [self.binary, "demo", "--dir", str(self.data), "--port", str(self.port)]
        if now:
            command += ["--now", now]
        if self.url:
            command += ["--db", self.url]
        self.log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                        preexec_fn=self.before)
        if wait:
            self.wait()
            self.accounts = json.loads((self.data / "accounts.json").read_text())

    def wait(self):
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise AssertionError("the server ended:\n" + self.said())
            try:
                if Client(self.port, timeout=5).api("GET", "/city").status == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.02)
        raise AssertionError("no answer in time:\n" + self.said())

    def said(self):
        return (self.folder / "log").read_text(errors="replace")[-4000:]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError("the server did not stop when told") from None

    def restart(self, now):
        self.stop()
        self.start(now)

    def close(self):
        try:
            self.stop()
        finally:
            if self.database:
                psql(os.environ["SANGO_TEST_PG"], f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
            if self.data.is_mount():
                subprocess.run(["umount", "-l", str(self.data)], check=False)
            shutil.rmtree(self.folder, ignore_errors=True)

    def verify(self):
        done = subprocess.run([self.binary, "verify", "--db", self.database_url()], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        assert done.returncode == 0, done.stdout
        return done.stdout

    # ---- people ----

    def account(self, role, number=0, **wanted):
        found = [a for a in self.accounts if a["role"] == role and all(a.get(k) == v for k, v in wanted.items())]
        return found[number]

    def client(self, account=None, timeout=START_SECONDS):
        return Client(self.port, account and account["token"], timeout, patient=self.patient)

    def api(self, method, path, body=None, who=None, key=None, headers=None):
        client = self.client(who)
        try:
            return client.api(method, path, body, key, headers)
        finally:
            client.close()

    def post(self, path, body=None, who=None):
        """A POST with a fresh idempotency key."""
        return self.api("POST", path, {} if body is None else body, who, key=uuid.uuid4().hex)

    def mails(self, to):
        found = []
        for file in sorted((self.data / "mail").glob("*.eml")):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if to in message["To"]:
                found.append(message.get_content())
        return found

    def mailed_token(self, to):
        """The token of the newest link mailed to an address; the sender runs by itself, so this waits for it."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            for text in reversed(self.mails(to)):
                found = re.search(r"token=([A-Za-z0-9_-]+)", text)
                if found:
                    return found[1]
            time.sleep(0.05)
        raise AssertionError(f"no link was mailed to {to}: {self.mails(to)}\n{self.said()}")


def mount_small(folder, megabytes):
    """Makes a folder a file system of that size; whether this user may."""
    return subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0


class Skip(Exception):
    pass


def psql(address, sql):
    subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", address, "-c", sql], check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def free_port():
    """A port of our own until the end: bound and never listened on, so that nobody else is given it, while a server that we
    start, as often as we start it, may listen there."""
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    probe.bind(("127.0.0.1", 0))
    ports_kept.append(probe)
    return probe.getsockname()[1]


def expect(answer, status, code=None):
    """The answer, if it is as expected; problems are checked for their form on the way."""
    assert answer.status == status, answer
    if status >= 400:
        assert answer.headers["Content-Type"].startswith("application/problem+json"), answer.headers.as_string()
        problem = answer.json
        assert problem["status"] == status and problem["title"] and problem["code"], problem
        if code:
            assert problem["code"] == code, problem
    return answer


def run(cases, engine, binary, **how):
    """Runs functions of one argument (the site) in order and prints TAP; `cases` share one site, made as `how` says."""
    print(f"1..{len(cases)}")
    site = None
    failed = 0
    try:
        try:
            site = Site(binary, engine, **how)
        except Skip as why:
            for number, case in enumerate(cases, 1):
                print(f"ok {number} - {engine}: {case.__name__} # SKIP {why}")
            return 0
        for number, case in enumerate(cases, 1):
            try:
                case(site)
                print(f"ok {number} - {engine}: {case.__name__}", flush=True)
            except Skip as why:
                print(f"ok {number} - {engine}: {case.__name__} # SKIP {why}", flush=True)
            except Exception:  # pylint: disable=broad-except
                failed += 1
                print(f"not ok {number} - {engine}: {case.__name__}")
                for line in traceback.format_exc().splitlines():
                    print("# " + line)
                print("# server: " + site.said()[-1500:].replace("\n", "\n# server: "), flush=True)
    finally:
        if site:
            site.close()
        if Client.later:
            print(f"# told to come again, and asked again: {Client.later} times")
    return 1 if failed else 0


def main(cases, **how):
    engine, binary = sys.argv[1], sys.argv[2]
    sys.exit(run(cases, engine, binary, **how))
