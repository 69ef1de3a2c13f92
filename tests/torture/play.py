"""play.py ENGINE SEED UNTIL BINARY FAULT…: plays rounds on one engine until the clock (CLOCK_MONOTONIC) shows UNTIL; "once": each
quick fault once. torture.py starts one for each engine, so that they play side by side and any of them can be ended.

Writes a line of JSON before each round {"plays"}, after it {"fault", "seed", "faults", "acknowledged", "findings", "skipped",
"took"}, and in the end {"left"}: what there was no time for, and {"trouble"} if it could not go on."""
import contextlib
import ctypes
import json
import os
import pathlib
import signal
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
from plan import Plan  # noqa: E402
from run import Cluster, Trouble  # noqa: E402
from world import World  # noqa: E402

ALL = FAULTS + races_round.FAULTS
WORLDS = {"cluster": ClusterWorld}
BROKEN_MAX = 3  # rounds that break down one after the other: nothing works here
PR_SET_PDEATHSIG = 1


def faults_of(engine, wanted=()):
    return [f for f in ALL if engine in f.engines and (not wanted or f.name in wanted)]


def say(**line):
    print(json.dumps(line), flush=True)


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


def play(world, plan, until, keeper):
    """Round after round while there is time."""
    broken, kept = 0, False
    while broken < BROKEN_MAX:
        chosen = plan.next(until - time.monotonic())
        if chosen is None:
            break
        fault, seed = chosen
        say(plays=fault.name)
        began = time.monotonic()
        result = one(world, fault, seed)
        if result.skipped:
            plan.drop(fault)
        else:
            plan.learn(fault, time.monotonic() - began)
        if result.findings and not kept:
            keeper.keep(world.folder)
            say(kept=world.folder)
            kept = True
        broken = broken + 1 if any(f.rule == "round" for f in result.findings) else 0
        say(fault=result.fault, seed=result.seed, faults=result.faults, acknowledged=result.acknowledged, took=result.took,
            skipped=result.skipped, findings=[f._asdict() for f in result.findings])
    say(left=plan.left_out())


def play_engine(engine, plan, until, binary, keeper):
    folder = tempfile.mkdtemp(prefix="sango-torture-")
    keeper.folder(folder)
    with contextlib.ExitStack() as stack:
        cluster = None
        if engine == "postgresql":
            cluster = Cluster()
            keeper.folder(cluster.folder)
            os.environ["SANGO_TEST_PG"] = stack.enter_context(cluster)
        world = WORLDS.get(engine, World)(binary, engine, keeper, folder, cluster)
        stack.callback(world.close)
        if cluster:
            stack.callback(fault_database.signal_all, cluster, signal.SIGCONT)  # or nothing of it could be ended
        play(world, plan, until, keeper)


def leave(given, _):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + given)


def main():
    engine, seed, until, binary, *wanted = sys.argv[1:]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # whoever is told to stop still ends everything that runs
        signal.signal(number, leave)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    once = until == "once"
    plan = Plan(engine, faults_of(engine, wanted), int(seed), once)
    keeper = Keeper()
    try:
        play_engine(engine, plan, float("inf") if once else float(until), str(pathlib.Path(binary).resolve()), keeper)
    except (Trouble, CannotHere) as trouble:
        say(trouble=str(trouble))
    finally:
        keeper.close()


if __name__ == "__main__":
    main()
