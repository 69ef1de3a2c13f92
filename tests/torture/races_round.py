"""The programs of tests/site that race and kill, as rounds: the last place, one key sent by everybody, kill -9 under load."""
import os
import pathlib
import re
import subprocess
import sys
import time

from fault import Fault
from round import Result, blame

SITE = pathlib.Path(__file__).resolve().parent.parent / "site"


class Program(Fault):
    cheap = False
    takes = 10.0

    def __init__(self, name, file, engines, variable, count, each):
        self.name, self.file, self.engines, self.variable, self.count, self.each = name, file, engines, variable, count, each


FAULTS = [Program("races", "races.py", ("sqlite", "postgresql"), "SITE_ROUNDS", 6, 64),
          Program("kills", "kill.py", ("sqlite",), "SITE_KILLS", 6, 1)]


def play(world, fault, seed):
    result, began = Result(fault, seed), time.monotonic()
    environment = dict(os.environ, **{fault.variable: str(fault.count)})
    done = subprocess.run([sys.executable, SITE / fault.file, world.engine, world.binary], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, env=environment)
    result.faults = fault.count * fault.each
    said = re.search(r"(\d+) acknowledged", done.stdout)
    result.acknowledged = int(said[1]) if said else fault.count  # one of each race wins
    if done.returncode != 0:
        blame(result, fault.file, [done.stdout])
    result.took = time.monotonic() - began
    return result
