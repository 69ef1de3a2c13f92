#!/usr/bin/env python3
"""tests/torture/torture.py [--seconds T] [--seed N] [--json FILE] [--engine E]… [--fault NAME]… [--tap] BINARY

People book, change, cancel, wait and answer while the machine under them is hurt; afterwards every acknowledgement is held
against what is there. Rounds of one fault each, in an order drawn from the seed, until the time is over. Prints a table and
writes JSON. Exit status 1 when anything was lost, doubled, or not as it must be."""
import argparse
import contextlib
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "site"), str(HERE.parent)]

import fault_database  # noqa: E402,F401  pylint: disable=wrong-import-position,unused-import
import fault_cluster  # noqa: E402,F401
import fault_disk  # noqa: E402,F401
import fault_mail  # noqa: E402,F401
import fault_server  # noqa: E402,F401
import races_round  # noqa: E402
import round as rounds  # noqa: E402
from cluster_world import ClusterWorld  # noqa: E402
from fault import FAULTS, CannotHere  # noqa: E402
from keeper import Keeper  # noqa: E402
from run import Cluster, Trouble  # noqa: E402
from world import World  # noqa: E402

ENGINES = ("sqlite", "postgresql", "cluster")  # the last: three nodes on a pair of PostgreSQL behind nginx
WORLDS = {"cluster": ClusterWorld}
COLUMNS = ("rounds", "faults", "acknowledged", "lost", "doubled", "invariant_failures")


class Tally:
    """What became of one engine, by fault."""

    def __init__(self, engine):
        self.engine = engine
        self.rows = {}
        self.skipped = {}
        self.undecided = 0

    def add(self, result):
        if result.skipped:
            self.skipped[result.fault] = result.skipped
        row = self.rows.setdefault(result.fault, dict.fromkeys(COLUMNS, 0))
        row["rounds"] += 1
        row["faults"] += result.faults
        row["acknowledged"] += result.acknowledged
        row["lost"] += result.count("lost")
        row["doubled"] += result.count("doubled")
        row["invariant_failures"] += result.count("invariant")
        self.undecided += result.count("undecided")

    def total(self):
        return {name: sum(row[name] for row in self.rows.values()) for name in COLUMNS}

    def bad(self):
        return any(self.total()[name] for name in ("lost", "doubled", "invariant_failures"))

    def report(self):
        total = self.total()
        by_fault = {name: dict(row, **({"skipped": self.skipped[name]} if name in self.skipped else {}))
                    for name, row in sorted(self.rows.items())}
        return {**total, "undecided": self.undecided, "by_fault": by_fault}

    def table(self):
        lines = [f"{self.engine:24}" + "".join(f"{name.replace('_', ' '):>20}" for name in COLUMNS)]
        for name, row in sorted(self.rows.items()) + [("all", self.total())]:
            lines.append(f"  {name:22}" + "".join(f"{row[column]:>20}" for column in COLUMNS)
                         + (f"   skipped: {self.skipped[name]}" if name in self.skipped else ""))
        if self.undecided:
            lines.append(f"  {self.undecided} histories were too long to decide")
        return "\n".join(lines)


def commit():
    done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=HERE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=False)
    return done.stdout.strip() or "unknown"


def faults_of(engine, wanted):
    return [f for f in FAULTS + races_round.FAULTS if engine in f.engines and f.name in wanted]


def plan(engine, seed, wanted):
    """(fault, seed of its round) for ever: each fault once, cheap ones first, and again in another order."""
    chance = random.Random(f"{seed} {engine}")
    faults = faults_of(engine, wanted)
    chance.shuffle(faults)
    faults.sort(key=lambda f: not f.cheap)
    while faults:
        for fault in faults:
            yield fault, chance.randrange(1 << 32)
        chance.shuffle(faults)


def one(world, fault, seed):
    """A Result, also when the round itself broke down."""
    try:
        player = races_round.play if fault in races_round.FAULTS else rounds.play
        return player(world, fault, seed)
    except CannotHere as why:  # not even the city could be made
        result = rounds.Result(fault, seed)
        result.skipped = str(why)
        return result
    except Exception:  # pylint: disable=broad-except
        result = rounds.Result(fault, seed)
        said = world.site.said()[-1500:] if world.site else ""
        rounds.blame(result, "round", [traceback.format_exc() + "\nserver: " + said])
        with contextlib.suppress(Exception):
            world.close()
        return result


def tell(tap, number, engine, result):
    line = f"{engine}: {result.fault}, seed {result.seed}: {result.faults} faults, {result.acknowledged} acknowledged"
    if tap:
        skip = f" # SKIP {result.skipped}" if result.skipped and not result.findings else ""
        print(f"{'not ok' if result.findings else 'ok'} {number} - {line}{skip}")
    else:
        print(f"{line}{', skipped: ' + result.skipped if result.skipped else ''} ({result.took:.1f} s)")
    for finding in result.findings[:20]:
        print("# " + f"{finding.kind} {finding.rule}: {finding.text}".replace("\n", "\n# "))
    if len(result.findings) > 20:
        print(f"# and {len(result.findings) - 20} more")
    sys.stdout.flush()


def torture(engine, args, keeper, folder, first):
    """Plays for one engine's share of the time; its Tally."""
    tally = Tally(engine)
    skipped, broken = set(), 0
    with contextlib.ExitStack() as stack:
        cluster = None
        if engine == "postgresql":
            cluster = Cluster()
            keeper.folder(cluster.folder)
            os.environ["SANGO_TEST_PG"] = stack.enter_context(cluster)
        world = WORLDS.get(engine, World)(str(pathlib.Path(args.binary).resolve()), engine, keeper, folder, cluster)
        stack.callback(world.close)
        if cluster:
            stack.callback(fault_database.signal_all, cluster, signal.SIGCONT)  # or nothing of it could be ended
        until = time.monotonic() + args.seconds / len(args.engine)
        for number, (fault, seed) in enumerate(plan(engine, args.seed, args.fault), first):
            if fault.name in skipped:
                continue
            result = one(world, fault, seed)
            tally.add(result)
            if result.skipped:
                skipped.add(fault.name)
            broken = broken + 1 if any(f.rule == "round" for f in result.findings) else 0
            tell(args.tap, number, engine, result)
            # At least one round of each that is cheap; no more if nothing works.
            names = {f.name for f in faults_of(engine, args.fault) if f.cheap}
            if set(tally.rows) >= names and time.monotonic() > until or broken == 3:
                break
    return tally


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--json")
    parser.add_argument("--engine", action="append", choices=ENGINES)
    parser.add_argument("--fault", action="append")
    parser.add_argument("--tap", action="store_true")
    parser.add_argument("binary")
    args = parser.parse_args()
    # Where lines are TAP it is short, and the programs of tests/site run by themselves.
    args.fault = args.fault or [f.name for f in FAULTS + races_round.FAULTS if f.cheap or not args.tap]
    args.engine = args.engine or list(ENGINES)
    args.seed = random.SystemRandom().randrange(1 << 31) if args.seed is None else args.seed
    return args


def leave(given, _):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + given)


def main():
    args = arguments()
    # Being told to stop must still end everything that runs.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    folder = tempfile.mkdtemp(prefix="sango-torture-")
    keeper = Keeper()
    keeper.folder(folder)
    tallies = []
    print(f"# seed {args.seed}, {args.seconds} s", flush=True)
    try:
        for engine in args.engine:
            done = sum(tally.total()["rounds"] for tally in tallies)
            tallies.append(torture(engine, args, keeper, folder, done + 1))
    except Trouble as trouble:
        print(f"torture: {trouble}")
        return 1
    finally:
        if any(tally.bad() for tally in tallies):
            keeper.keep(folder)
        keeper.close()
    return conclude(args, tallies, folder)


def conclude(args, tallies, folder):
    if args.tap:
        print(f"1..{sum(tally.total()['rounds'] for tally in tallies)}")
    for tally in tallies:
        print("\n".join("# " + line for line in tally.table().split("\n")) if args.tap else "\n" + tally.table())
    if args.json:
        report = {"commit": commit(), "seconds": args.seconds, "seed": args.seed,
                  **{tally.engine: tally.report() for tally in tallies}}
        pathlib.Path(args.json).write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    bad = any(tally.bad() for tally in tallies)
    if bad:
        print(f"# histories of what failed are kept in {folder}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
