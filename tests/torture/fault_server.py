"""Harm to the server's process and to the ways to it."""
import os
import signal
import time

from fault import Fault, fault


@fault
class Kill(Fault):
    """F1: kill -9, anywhere."""
    name = "kill-9"
    answers = False

    def run(self, world, chance):
        for _ in range(3):
            time.sleep(0.15 + chance.random() * 0.35)
            world.site.kill()
            time.sleep(chance.random() * 0.1)
            world.start()
        return 3


@fault
class Freeze(Fault):
    """F24: the machine stands still and goes on."""
    name = "stop-cont"
    answers = False

    def run(self, world, chance):
        for _ in range(2):
            time.sleep(0.1 + chance.random() * 0.2)
            os.kill(world.site.process.pid, signal.SIGSTOP)
            time.sleep(0.2 + chance.random() * 0.8)
            os.kill(world.site.process.pid, signal.SIGCONT)
        return 2


@fault
class HangUps(Fault):
    """F12, F13: half a request, a request whose answer nobody reads, the same one twice at once and again later."""
    name = "hang-up-and-twice"
    ill = 0.8
    reads = True

    def run(self, world, chance):
        before = world.ill_sendings()
        time.sleep(1.5)
        return world.ill_sendings() - before
