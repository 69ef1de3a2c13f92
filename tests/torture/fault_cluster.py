"""Harm to one server of several: a node killed, stopped or frozen; the database that writes killed, and the other takes over."""
import os
import signal
import time

from cluster_world import NUMBERS
from fault import Fault, fault

ENGINES = ("cluster",)
PAUSE_S = 0.05  # a failover takes seconds, and a round has only so many places


def fail_over(nodes):
    """Once the heir follows, which on a busy machine may be a moment after it began to."""
    nodes.pair.wait(lambda: nodes.follows(nodes.pair.primary()), "the standby does not follow")
    nodes.failover()


@fault
class NodeKill(Fault):
    """kill -9 of a node; the proxy goes to the others."""
    name = "node-kill-9"
    takes = 6.0
    engines = ENGINES

    def run(self, world, chance):
        for _ in range(3):
            number = chance.choice(NUMBERS)
            time.sleep(0.1 + chance.random() * 0.3)
            world.nodes.kill_node(number)
            time.sleep(chance.random())
            world.nodes.start_node(number)
        return 3


@fault
class NodeStop(Fault):
    """Nodes are stopped in turn, as for a new version."""
    name = "node-stop"
    takes = 5.5
    engines = ENGINES

    def run(self, world, chance):
        for number in NUMBERS:
            time.sleep(0.1 + chance.random() * 0.2)
            world.nodes.end(f"node{number}")
            world.nodes.start_node(number)
        return len(NUMBERS)


@fault
class NodeFreeze(Fault):
    """F24: a node stands still and goes on; what it holds of the clock's work goes to another."""
    name = "node-stop-cont"
    engines = ENGINES

    def run(self, world, chance):
        pid = world.nodes.state["pids"][f"node{chance.choice(NUMBERS)}"]
        os.kill(pid, signal.SIGSTOP)
        time.sleep(0.5 + chance.random() * 2)
        os.kill(pid, signal.SIGCONT)
        return 1


@fault
class Failover(Fault):
    """kill -9 of the database that writes; the other is promoted, and the dead one follows it."""
    name = "failover"
    takes = 5.0
    engines = ENGINES
    pause = PAUSE_S

    def run(self, world, chance):
        time.sleep(0.1 + chance.random() * 0.5)
        fail_over(world.nodes)
        world.nodes.rejoin()
        return 1


@fault
class FailoverAndNode(Fault):
    """The database that writes and a node die in the same moment."""
    name = "failover-and-node"
    takes = 10.0
    engines = ENGINES
    pause = PAUSE_S

    def run(self, world, chance):
        number = chance.choice(NUMBERS)
        time.sleep(0.1 + chance.random() * 0.5)
        world.nodes.kill_node(number)
        fail_over(world.nodes)
        world.nodes.start_node(number)
        world.nodes.rejoin()
        return 2
