#!/usr/bin/env python3
"""tests/fuzz/run.py BUILD SECONDS [NAME…]: lets each fuzzer of a build with -Dfuzz=true look for SECONDS seconds.

What a fuzzer learns stays in BUILD/fuzz/NAME for the next run; a finding is left in BUILD/fuzz as NAME-crash-… and fails
the run. Prints one line a fuzzer: how many inputs, how many a second, how many places of the code they reached."""
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
KEPT = re.compile(r"^#(\d+)\s+DONE\s+cov: (\d+) .*?corp: (\d+).*?exec/s: (\d+)", re.MULTILINE)


def fuzz(build, seconds, name):
    learnt = build / "fuzz" / name
    learnt.mkdir(parents=True, exist_ok=True)
    command = [build / "tests" / "fuzz" / f"fuzz_{name}", f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=1024",
               "-print_final_stats=0", f"-artifact_prefix={build / 'fuzz' / name}-", learnt, HERE / "corpus" / name]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    said = done.stderr.decode(errors="replace")
    found = KEPT.search(said)
    if done.returncode != 0 or found is None:
        print(f"{name:12} FOUND something:\n{said[-4000:]}", flush=True)
        return False
    inputs, places, kept, rate = map(int, found.groups())
    print(f"{name:12} {inputs:>10} inputs in {seconds} s, {rate}/s; {places} places reached, {kept} inputs kept; "
          "nothing found", flush=True)
    return True


def main():
    build, seconds = pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2])
    names = sys.argv[3:] or sorted(path.name for path in (HERE / "corpus").iterdir())
    return 0 if all([fuzz(build, seconds, name) for name in names]) else 1


if __name__ == "__main__":
    sys.exit(main())
