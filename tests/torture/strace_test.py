"""strace as the hand that strikes: what it did is known even when its first stroke ends the process before anybody looked.
Prints TAP."""
import pathlib
import subprocess
import sys
import tempfile
import types

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "site"), str(HERE.parent)]

from fault import CannotHere  # noqa: E402  pylint: disable=wrong-import-position
from strace import Strace  # noqa: E402  pylint: disable=wrong-import-position
from world import may_be_traced  # noqa: E402  pylint: disable=wrong-import-position

SYNCS_ALL_THE_TIME = "import os, sys\nf = open(sys.argv[1], 'w')\nprint(flush=True)\nwhile True: os.fsync(f.fileno())"
NOTHING = "error=EIO:when=65535"
ROUNDS = 5


def strike(folder, how):
    """(strokes counted, how the process ended) of one that syncs all the time."""
    world = types.SimpleNamespace(folder=folder, keeper=types.SimpleNamespace(pid=lambda _: None))
    with subprocess.Popen([sys.executable, "-c", SYNCS_ALL_THE_TIME, pathlib.Path(folder, "synced")], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, preexec_fn=may_be_traced) as busy:  # pylint: disable=subprocess-popen-preexec-fn
        try:
            busy.stdout.readline()
            with Strace(world, [busy.pid], "fsync", how) as s:
                if how != NOTHING:
                    busy.wait(60)
            return s.hits, busy.returncode
        finally:
            busy.kill()


def why_not_here(folder):
    """None, or why this machine lets nobody attach: then there is nothing to test."""
    try:
        strike(folder, NOTHING)
    except CannotHere as why:
        return str(why)
    return None


def main():
    plan = [(how, code) for how, code in (("signal=SIGKILL:when=1", -9), ("error=EIO:when=1+", 1)) for _ in range(ROUNDS)]
    with tempfile.TemporaryDirectory(prefix="sango-strace-") as folder:
        why = why_not_here(folder)
        if why:
            print(f"1..0 # SKIP {why}")
            return 0
        print(f"1..{len(plan)}")
        failed = 0
        for number, (how, code) in enumerate(plan, 1):
            try:
                hits, ended = strike(folder, how)
            except CannotHere as gone:
                hits, ended = 0, gone
            good = hits > 0 and ended == code
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} - {how} at the first sync is counted\n# {hits} strokes, {ended}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
