"""The rules alone: how many requests one core judges and prices in a second, city by city, without database and network.

Each city's figure is that of its own profile; the report keeps the slowest, which the goal is about."""
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINE = re.compile(r"^quote (\S+) per_second (\d+) allowed (\d+)$", re.MULTILINE)
GOAL = 200_000


def rows(bench, city, server):
    """Once a run, whatever the engine: nothing here asks the server."""
    if "quote_core" in bench.figures:
        return
    profiles = sorted(path for path in (ROOT / "cities").glob("*.json") if not path.name.endswith(".schema.json"))
    done = subprocess.run([bench.build / "bench" / "bench_quote", *profiles], stdout=subprocess.PIPE, check=True)
    found = {pathlib.Path(path).stem: (int(rate), int(allowed))
             for path, rate, allowed in LINE.findall(done.stdout.decode())}
    if len(found) != len(profiles):
        raise RuntimeError("bench_quote left a profile out")
    for name, (rate, allowed) in found.items():
        bench.note("quote, rules alone", "-", 1, {"rps": rate, "cpu_us": 1e6 / rate, "note": f"{name}, {allowed} % allowed"})
    slowest = min(found, key=lambda name: found[name][0])
    bench.figures["quote_core"] = {"per_s": found[slowest][0], "slowest": slowest,
                                   "cities": {name: rate for name, (rate, _) in found.items()}}
    bench.goals.append(("quotes by the rules alone, /s", found[slowest][0], ">=", GOAL))
