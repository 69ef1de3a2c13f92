"""A new server takes the place of the old one while people read and book: nobody is refused, reset, told of an error or
told to come again (unless the log says that the database could not be reached in time, which is no matter of restarts), and
every booking that was acknowledged is there. SITE_RESTARTS sets how often each way (5 unless told).

Two ways: SIGHUP, by which the program renews itself on its own socket, and stop and start on a socket that somebody
else keeps, as systemd does; and both in turn behind nginx, as deploy/nginx.conf has it."""
import http.client
import itertools
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid

import blackbox
from blackbox import Client, Site, expect
from people import ask, capacity, day, facility_of

RESTARTS = int(os.environ.get("SITE_RESTARTS", "5"))
CLIENTS = 9
NGINX_CONF = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
TODAY = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 9 * 3600))

# Becomes the server with the listening socket as descriptor 3, as systemd would hand it over.
HAND_OVER = ("import os, sys; os.dup2(int(sys.argv[1]), 3); os.set_inheritable(3, True); "
             "os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1'); os.execv(sys.argv[2], sys.argv[2:])")


class Served(Site):
    """A demo's city, served by `sango serve` from a configuration."""

    socket = None  # that we keep
    nginx = None

    def __init__(self, binary, engine):
        super().__init__(binary, engine, now=None)
        self.stop()
        self.listen = f"127.0.0.1:{self.port}"
        self.config = self.folder / "sango.conf"
        self.configure(f"{self.data / 'hirakata.json'}")
        try:
            self.serve()
        except BaseException:
            self.close()
            raise

    def configure(self, city):
        self.config.write_text(
            f"listen = {self.listen}\ndatabase = {self.database_url()}\n"
            f"public_url = http://127.0.0.1:{self.port}\ncity = {city}\nmail = dir:{self.data / 'mail'}\n"
            "mail_from = sango@demo.example.jp\nworkers = 4\ndemo = yes\n")
        self.config.chmod(0o600)

    def serve(self):
        command = [self.binary, "serve", "--config", str(self.config)]
        kept = []
        if self.socket:
            command = [sys.executable, "-c", HAND_OVER, str(self.socket.fileno())] + command
            kept = [self.socket.fileno()]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                        pass_fds=kept)
        self.wait()

    def wait(self):
        """Who asks on a kept socket before the server is there only waits."""
        if not self.socket:
            super().wait()
            return
        client = Client(self.port, timeout=blackbox.START_SECONDS)
        expect(client.api("GET", "/city"), 200)
        client.close()

    def keep_socket(self, family, address):
        """From now on the socket is ours, and only lent to servers."""
        self.stop()
        if self.socket:
            self.socket.close()
        self.socket = socket.socket(family)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(address)
        self.socket.listen(1024)
        self.serve()

    def put_nginx_before(self):
        """The upstream and its location of deploy/nginx.conf, without TLS and limits."""
        nginx = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if not nginx:
            raise blackbox.Skip("nginx is not installed")
        conf = NGINX_CONF.read_text()
        upstream = re.search(r"^upstream sango \{.*?^\}", conf, re.S | re.M)[0]
        location = re.search(r"^    location / \{\n        proxy_pass.*?^    \}", conf, re.S | re.M)[0]
        path = self.folder / "http.sock"
        assert "/run/sango/http.sock" in upstream
        upstream = upstream.replace("/run/sango/http.sock", str(path))
        self.listen, self.port = f"unix:{path}", blackbox.free_port()
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(
            f"daemon off; {user} pid {self.folder}/nginx.pid; worker_processes 1; events {{ worker_connections 256; }}\n"
            f"http {{ access_log off; client_body_temp_path {self.folder}/nginx-body; "
            f"proxy_temp_path {self.folder}/nginx-proxy; fastcgi_temp_path {self.folder}/nginx-fastcgi; "
            f"uwsgi_temp_path {self.folder}/nginx-uwsgi; scgi_temp_path {self.folder}/nginx-scgi;\n{upstream}\n"
            f"server {{ listen 127.0.0.1:{self.port};\n{location}\n}} }}\n")
        self.configure(f"{self.data / 'hirakata.json'}")
        log = str(self.folder / "nginx.log")
        self.nginx = subprocess.Popen([nginx, "-e", log, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")],
                                      stdin=subprocess.DEVNULL)
        until = time.monotonic() + blackbox.START_SECONDS
        while socket.socket().connect_ex(("127.0.0.1", self.port)) != 0:
            assert self.nginx.poll() is None and time.monotonic() < until, "nginx did not begin"
            time.sleep(0.02)
        self.keep_socket(socket.AF_UNIX, str(path))

    def count(self, message):
        return (self.folder / "log").read_text(errors="replace").count(f'"{message}"')

    def wait_for(self, message, more_than):
        until = time.monotonic() + blackbox.START_SECONDS
        while self.count(message) <= more_than:
            assert self.process.poll() is None, "the server ended:\n" + self.said()
            assert time.monotonic() < until, "nothing happened:\n" + self.said()
            time.sleep(0.01)

    def renew(self):
        before = self.count("serving")
        self.process.send_signal(signal.SIGHUP)
        self.wait_for("serving", before)

    def close(self):
        if self.nginx:
            self.nginx.terminate()
            self.nginx.wait()
        if self.socket:
            self.socket.close()
        super().close()


class People:
    """Residents who book and cancel on kept connections, and readers of every kind; whatever goes wrong is kept."""

    def __init__(self, site, facility, start):
        self.site, self.facility = site, facility
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.wrong = []
        self.told = {}
        self.asked = 0
        self.later = 0
        residents = [a for a in site.accounts if a["role"] == "resident" and a.get("state") in ("approved", "exempt")]
        works = [(self.books, residents[i], day(start, i)) for i in range(min(CLIENTS - 4, len(residents)))]
        works += [(self.reads, site.account("coordinator"), None), (self.reads, facility, None),
                  (self.pauses, None, None), (self.comes, None, None)]
        self.threads = [threading.Thread(target=self.work, args=one) for one in works]
        for thread in self.threads:
            thread.start()

    def work(self, what, who, date):
        client = Client(self.site.port, who and who["token"], patient=False)
        try:
            what(client, date)
        except (OSError, http.client.HTTPException, AssertionError, KeyError, ValueError) as why:
            self.wrong.append(repr(why))
        finally:
            client.close()

    def ask(self, client, method, path, body=None, key=None):
        return self.patient(lambda: client.api(method, path, body, key=key), (method, path))

    def patient(self, send, what):
        answer = send()
        while answer.status == 503 and answer.headers["Retry-After"]:
            with self.lock:
                self.later += 1
            time.sleep(1)
            answer = send()
        assert answer.status < 500, (what, answer)
        with self.lock:
            self.asked += 1
        return answer

    def books(self, client, date):
        while not self.over.is_set():
            made = self.ask(client, "POST", "/bookings", ask(self.facility, "day", date, date), key=uuid.uuid4().hex)
            assert made.status == 201, made
            number = made.json["id"]
            self.remember(number, "requested")
            assert self.ask(client, "GET", f"/bookings/{number}").json["state"] == "requested"
            gone = self.ask(client, "POST", f"/bookings/{number}/cancel", {"reason": ""}, key=uuid.uuid4().hex)
            assert gone.status == 200, gone
            self.remember(number, "cancelled")

    def reads(self, client, _):
        while not self.over.is_set():
            assert self.ask(client, "GET", "/me").status == 200
            assert self.ask(client, "GET", "/bookings?limit=50").status == 200
            answer = self.patient(lambda: client.send("GET", "/search"), "/search")
            assert answer.status == 200, answer

    def pauses(self, client, _):
        """Somebody who reads for a while between two clicks: her connection is idle when the server is told to go."""
        while not self.over.wait(0.7):
            assert self.ask(client, "GET", "/facilities").status == 200

    def comes(self, client, _):
        """A newcomer each time."""
        while not self.over.is_set():
            assert self.ask(client, "GET", "/facilities").status == 200
            client.close()

    def remember(self, number, state):
        with self.lock:
            self.told[number] = state

    def wait_for_more(self):
        """Until some more were answered; the next restart comes among them."""
        enough = self.asked + CLIENTS
        while self.asked < enough and not self.wrong:
            time.sleep(0.01)

    def join(self):
        self.over.set()
        for thread in self.threads:
            thread.join()
        assert not self.wrong, self.wrong[:5]


def under_load(site, restart):
    facility, start = facility_of(site), day(TODAY, 30)
    capacity(site, facility, "day", start, day(start, CLIENTS), 3)
    unreached = site.count("database")
    people = People(site, facility, start)
    try:
        for _ in range(RESTARTS):
            people.wait_for_more()
            restart()
    finally:
        people.join()
    coordinator = site.client(site.account("coordinator"))
    for number, state in people.told.items():
        found = expect(coordinator.api("GET", f"/bookings/{number}"), 200).json["state"]
        assert found == state, (number, state, found)
    coordinator.close()
    site.verify()
    print(f"# {RESTARTS} restarts, {people.asked} requests, none failed; {len(people.told)} bookings, all there; "
          f"{people.later} told to come again")
    assert people.asked > RESTARTS and people.told
    assert people.later == 0 or site.count("database") > unreached, people.later


def renewed_by_sighup(site):
    pid = site.process.pid
    under_load(site, site.renew)
    assert site.process.poll() is None and site.process.pid == pid


def a_wrong_configuration_changes_nothing(site):
    site.configure("/nowhere/city.json")
    before = site.count("renewing_refused")
    try:
        site.process.send_signal(signal.SIGHUP)
        site.wait_for("renewing_refused", before)
        assert expect(site.api("GET", "/city"), 200)
    finally:
        site.configure(f"{site.data / 'hirakata.json'}")
    site.renew()
    assert expect(site.api("GET", "/city"), 200)


def stop_and_start(site):
    site.stop()
    site.serve()


def restarted_on_a_kept_socket(site):
    site.keep_socket(socket.AF_INET, ("127.0.0.1", site.port))
    under_load(site, lambda: stop_and_start(site))


def both_in_turn_behind_nginx(site):
    site.put_nginx_before()
    ways = itertools.cycle([site.renew, lambda: stop_and_start(site)])
    under_load(site, lambda: next(ways)())


def who_waits_is_taken(site):
    """Connections made and requests sent while no server is there are answered by the next one."""
    site.stop()
    waiting = []
    for _ in range(20):
        client = http.client.HTTPConnection("127.0.0.1", site.port, timeout=blackbox.START_SECONDS)
        client.request("GET", "/api/v1/city")
        waiting.append(client)
    site.serve()
    for client in waiting:
        assert client.getresponse().status == 200
        client.close()


if __name__ == "__main__":
    blackbox.Site = Served
    blackbox.main([renewed_by_sighup, a_wrong_configuration_changes_nothing, restarted_on_a_kept_socket,
                   who_waits_is_taken, both_in_turn_behind_nginx])
