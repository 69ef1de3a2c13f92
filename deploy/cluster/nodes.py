"""Three `sango serve` on one database, and nginx in front of them: what is started, how it is configured, how it ends."""
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

from postgres import WAIT_SECONDS, Pair, Trouble, alive

HERE = pathlib.Path(__file__).resolve().parent
NODES = 3
CONFIG = """database = {database}
public_url = {public_url}
city = {city}
mail = dir:{mail}
mail_from = sango@example.jp
listen = 127.0.0.1:{port}
trusted_proxy = 127.0.0.1
demo = yes
"""


def keep_ports(count):
    """Sockets bound and never listened on: while they are open nobody else is given their ports, and our servers may listen."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind(("127.0.0.1", 0))
    return sockets


def find_nginx():
    """None when there is none; not everybody's PATH has it."""
    return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")


class Cluster:
    """Everything lies under `folder`; state.json there lets another process find it again."""

    def __init__(self, folder, binary=None):
        self.folder = pathlib.Path(folder)
        found = self.folder / "state.json"
        self.state = json.loads(found.read_text()) if found.exists() else {}
        if not self.state:
            self.kept = keep_ports(NODES + 4)
            ports = [one.getsockname()[1] for one in self.kept]
            self.state = {"binary": str(pathlib.Path(binary).resolve()), "postgres": ports[:2], "nginx": ports[2],
                          "seed": ports[3], "nodes": ports[4:], "pids": {}}
        self.pair = Pair(self.folder, self.state["postgres"])
        self.children = {}

    @property
    def url(self):
        return f"http://127.0.0.1:{self.state['nginx']}"

    def environment(self):
        return dict(os.environ, PGPASSFILE=str(self.pair.passes))

    def save(self):
        (self.folder / "state.json").write_text(json.dumps(self.state, indent=1) + "\n")

    # ---- processes ----

    def spawn(self, name, command):
        with open(self.folder / f"{name}.log", "ab") as log:
            child = subprocess.Popen(command, cwd=self.folder, env=self.environment(), stdin=subprocess.DEVNULL,
                                     stdout=log, stderr=log, start_new_session=True)
        self.children[name] = child
        self.state["pids"][name] = child.pid
        self.save()

    def running(self, name):
        pid = self.state["pids"].get(name)
        return pid is not None and alive(pid)

    def end(self, name, number=signal.SIGTERM):
        pid = self.state["pids"].pop(name, None)
        if pid is None or not alive(pid):
            return
        os.kill(pid, number)
        child = self.children.pop(name, None)
        if child:
            child.wait(WAIT_SECONDS)
        else:
            self.pair.wait(lambda: not alive(pid), f"{name} does not end")
        self.save()

    def wait_answer(self, name, port, path="/api/v1/city"):
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            try:
                connection.request("GET", path)
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass
            finally:
                connection.close()
            if not self.running(name):
                break
            time.sleep(0.05)
        raise Trouble(f"{name} does not answer; see {self.folder / (name + '.log')}")

    # ---- the parts ----

    def make_demo(self):
        """The families, places and bookings of the demo, made once; its accounts lie in demo/accounts.json."""
        self.spawn("seed", [self.state["binary"], "demo", "--dir", str(self.folder / "demo"), "--port",
                            str(self.state["seed"]), "--db", self.pair.url()])
        self.wait_answer("seed", self.state["seed"])
        self.end("seed")

    def start_node(self, number):
        port = self.state["nodes"][number - 1]
        config = self.folder / f"node{number}.conf"
        config.write_text(CONFIG.format(database=self.pair.url(), public_url=self.url, port=port,
                                        city=self.folder / "cities" / "hirakata.json", mail=self.folder / "mail"))
        self.spawn(f"node{number}", [self.state["binary"], "serve", "--config", str(config)])
        self.wait_answer(f"node{number}", port)

    def start_nginx(self):
        nginx = find_nginx()
        if not nginx:
            raise Trouble("nginx is not installed: apt-get install nginx")
        servers = "".join(f"        server 127.0.0.1:{port} max_fails=1 fail_timeout=1s;\n"
                          for port in self.state["nodes"])
        text = (HERE / "nginx.conf").read_text()
        for word, value in {"@FOLDER@": str(self.folder), "@PORT@": str(self.state["nginx"]), "@SERVERS@": servers,
                            "@USER@": "user root;" if os.geteuid() == 0 else ""}.items():
            text = text.replace(word, value)
        (self.folder / "nginx.conf").write_text(text)
        self.spawn("nginx", [nginx, "-e", str(self.folder / "nginx.log"), "-p", str(self.folder), "-c",
                             str(self.folder / "nginx.conf")])
        self.wait_answer("nginx", self.state["nginx"])

    def up(self, cities):
        self.folder.mkdir(parents=True, exist_ok=True)
        if any(self.folder.iterdir()):
            raise Trouble(f"{self.folder} is not empty")
        self.folder.chmod(0o711)  # PostgreSQL's own user goes through it
        (self.folder / "mail").mkdir(mode=0o700)
        shutil.copytree(cities, self.folder / "cities")
        self.save()
        self.pair.make()
        self.make_demo()
        for number in range(1, NODES + 1):
            self.start_node(number)
        self.start_nginx()

    def kill_node(self, number):
        self.end(f"node{number}", signal.SIGKILL)

    def follows(self, primary):
        """Whether the other has everything that this one acknowledges."""
        return self.pair.sql(primary, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == "1"

    def failover(self):
        """kill -9 of the server that writes, and the other takes over. Returns (died, writes now)."""
        died = self.pair.primary()
        if died is None:
            raise Trouble("no server writes")
        heir = "b" if died == "a" else "a"
        if not self.follows(died):
            raise Trouble(f"{heir} does not follow: promoting it could lose what was acknowledged; rejoin it first")
        os.kill(self.pair.pid(died), signal.SIGKILL)
        self.pair.bury(died)
        self.pair.promote(heir)
        return died, heir

    def rejoin(self, whole=False):
        primary = self.pair.primary()
        if primary is None:
            raise Trouble("no server writes")
        name = "b" if primary == "a" else "a"
        if self.pair.pid(name):
            raise Trouble(f"{name} runs already")
        self.pair.rejoin(name, primary, whole)
        return name

    def down(self):
        for name in ["nginx", *(f"node{number}" for number in range(1, NODES + 1)), "seed"]:
            self.end(name)
        for name in "ab":
            if self.pair.pid(name):
                self.pair.stop(name)
