"""A city on several servers: deploy/cluster's example (three nodes, two databases, nginx), in the words of world.py. Its clock
is the machine's."""
import datetime
import json
import pathlib
import shutil
import sys
import tempfile

from fault import CannotHere
from world import World

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.append(str(ROOT / "deploy" / "cluster"))
import nodes  # noqa: E402  pylint: disable=wrong-import-position

JAPAN = datetime.timezone(datetime.timedelta(hours=9))
NUMBERS = range(1, nodes.NODES + 1)

class ClusterSite:
    """What rounds ask of a site."""

    def __init__(self, binary, keeper):
        if not nodes.find_nginx():
            raise CannotHere("nginx is not installed")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sango-cluster-"))
        keeper.folder(self.folder)
        self.cluster = nodes.Cluster(self.folder, binary)
        self.cluster.up(ROOT / "cities")
        self.accounts = json.loads((self.folder / "demo" / "accounts.json").read_text("utf-8"))
        self.port = self.cluster.state["nginx"]
        self.today = datetime.datetime.now(JAPAN).date().isoformat()

    def kill(self):
        for number in NUMBERS:
            self.cluster.kill_node(number)

    def stop(self):
        for number in NUMBERS:
            self.cluster.end(f"node{number}")

    def start(self):
        for number in NUMBERS:
            if not self.cluster.running(f"node{number}"):
                self.cluster.start_node(number)

    def ended(self):
        """Nodes that have ended by themselves, with everybody's last words."""
        gone = [f"node{number}" for number in NUMBERS if not self.cluster.running(f"node{number}")]
        return [f"{', '.join(gone)} ended by itself:\n{self.said()}"] if gone else []

    def said(self):
        logs = [self.folder / f"node{number}.log" for number in NUMBERS]
        return "\n".join(f"{log.name}:\n{log.read_text('utf-8', 'replace')[-1500:]}" for log in logs if log.exists())

    def close(self):
        self.cluster.down()
        shutil.rmtree(self.folder, ignore_errors=True)

class ClusterWorld(World):
    def fresh(self, disk_mb=None):
        assert disk_mb is None
        self.close()
        self.site = ClusterSite(self.binary, self.keeper)
        self.rounds, self.earlier = 0, set()

    @property
    def nodes(self):
        return self.site.cluster

    def wait_for_end(self, seconds):
        raise NotImplementedError("nodes are ended by name")

    def ask_database(self, sql):
        pair = self.nodes.pair
        return pair.sql(pair.primary(), sql, "sango")

    def verify(self):
        return self.verified(dict(PGPASSFILE=str(self.nodes.pair.passes)), self.nodes.pair.url())
