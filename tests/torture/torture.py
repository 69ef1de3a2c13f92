#!/usr/bin/env python3
"""tests/torture/torture.py [--seconds T | --once] [--seed N] [--json FILE] [--engine E]… [--fault NAME]… [--tap] BINARY

People book, change, cancel, wait and answer while the machine under them is hurt; afterwards every acknowledgement is held
against what is there. Rounds of one fault each, on every engine at the same time (play.py), chosen so that it is over after T
seconds (plan.py); a round that is not is ended without judgement. --once: each quick fault once, whatever time it takes.
Prints a table and writes JSON. Exit status 1 when anything was lost, doubled, or not as it must be."""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import keeper  # noqa: E402  pylint: disable=wrong-import-position
import play  # noqa: E402  pylint: disable=wrong-import-position
from tally import Tally  # noqa: E402  pylint: disable=wrong-import-position

ENGINES = ("sqlite", "postgresql", "cluster")  # the last: three nodes on a pair of PostgreSQL behind nginx
CLEAR_S, CLEAR_SHARE = 4, 0.03  # so long before the time is over, at least, everything begins to be cleared away
GONE_S = 20   # and has this long at most


def commit():
    done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=HERE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=False)
    return done.stdout.strip() or "unknown"


class Teller:
    """Says each round as it ends, one at a time."""

    def __init__(self, tap):
        self.tap, self.lock, self.number = tap, threading.Lock(), 0

    def plain(self, text):
        with self.lock:
            print(("# " if self.tap else "") + text, flush=True)

    def round(self, engine, result):
        findings, skipped = result["findings"], result["skipped"]
        line = (f"{engine}: {result['fault']}, seed {result['seed']}: {result['faults']} faults, "
                f"{result['acknowledged']} acknowledged")
        with self.lock:
            self.number += 1
            if self.tap:
                skip = f" # SKIP {skipped}" if skipped and not findings else ""
                print(f"{'not ok' if findings else 'ok'} {self.number} - {line}{skip}")
            else:
                print(f"{line}{', skipped: ' + skipped if skipped else ''} ({result['took']:.1f} s)")
            for finding in findings[:20]:
                print("# " + f"{finding['kind']} {finding['rule']}: {finding['text']}".replace("\n", "\n# "))
            if len(findings) > 20:
                print(f"# and {len(findings) - 20} more")
            sys.stdout.flush()


class Player(threading.Thread):
    """One engine's play.py, and the tally of what it says."""

    def __init__(self, engine, args, until, teller):
        super().__init__(daemon=True)
        self.tally, self.teller = Tally(engine), teller
        self.names = [f.name for f in play.faults_of(engine, args.fault)]
        self.playing = self.kept = None
        self.ended = self.cut_off = False
        command = [sys.executable, HERE / "play.py", engine, str(args.seed), str(until), args.binary, *args.fault]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)

    def run(self):
        for line in self.process.stdout:  # until its keeper has cleared away as well
            self.hear(json.loads(line))

    def hear(self, said):
        if "plays" in said:
            self.playing = said["plays"]
        elif "kept" in said:
            self.kept = said["kept"]
        elif "left" in said:
            self.tally.not_played = said["left"]
            self.ended = True
        elif "trouble" in said:
            self.tally.trouble = said["trouble"]
        else:
            self.playing = None
            self.tally.add(said)
            self.teller.round(self.tally.engine, said)

    def cut(self):
        """Time is over."""
        self.cut_off = True
        self.process.kill()
        if self.playing:
            self.teller.plain(f"{self.tally.engine}: {self.playing} was not over in time: ended without judgement")

    def finish(self):
        """Nothing of it is left, and its tally whole."""
        self.join(GONE_S)
        self.process.wait()
        if not self.ended:
            self.tally.not_played = [name for name in self.names if name not in self.tally.rows]
            if not self.cut_off and self.tally.trouble is None:
                self.tally.trouble = f"play.py ended with {self.process.returncode}"


def torture(args, began, teller):
    """All engines side by side; their tallies."""
    end = began + args.seconds - max(CLEAR_S, CLEAR_SHARE * args.seconds)
    players = [Player(engine, args, "once" if args.once else end, teller) for engine in args.engine]
    try:
        for player in players:
            player.start()
        for player in players:
            while player.is_alive() and (args.once or time.monotonic() < end):
                player.join(0.1)
    finally:
        for player in players:
            if player.is_alive():
                player.cut()
        for player in players:
            player.finish()
    return players


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--json")
    parser.add_argument("--engine", action="append", choices=ENGINES)
    parser.add_argument("--fault", action="append", default=[])
    parser.add_argument("--tap", action="store_true")
    parser.add_argument("binary")
    args = parser.parse_args()
    unknown = set(args.fault) - {f.name for f in play.ALL}
    if unknown:
        parser.error("no such fault: " + ", ".join(sorted(unknown)))
    keeper.must_be_writable(parser, args.json)
    args.engine = args.engine or list(ENGINES)
    args.seed = random.SystemRandom().randrange(1 << 31) if args.seed is None else args.seed
    return args


def main():
    began = time.monotonic()
    args = arguments()
    keeper.leave_when_told()
    teller = Teller(args.tap)
    teller.plain(f"seed {args.seed}, " + ("each quick fault once" if args.once else f"{args.seconds} s"))
    return conclude(args, torture(args, began, teller), teller)


def conclude(args, players, teller):
    if args.tap:
        print(f"1..{teller.number}")
    for player in players:
        teller.plain(("\n" + player.tally.table()).replace("\n", "\n# " if args.tap else "\n"))
    if args.json:
        report = {"commit": commit(), "seconds": args.seconds, "seed": args.seed,
                  **{player.tally.engine: player.tally.report() for player in players}}
        pathlib.Path(args.json).write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    for player in players:
        if player.kept:
            teller.plain(f"histories of what failed are kept in {player.kept}")
    return 1 if any(player.tally.bad() for player in players) else 0


if __name__ == "__main__":
    sys.exit(main())
