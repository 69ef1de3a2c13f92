"""report.py BUILD: the short bench must come to its end on both engines and write what it promises (TAP). Its figures are
for people: none of them passes or fails here, but for bookings, which are counted: what was acknowledged is in the
database."""
import argparse
import contextlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "bench"))
import server  # noqa: E402
import load  # noqa: E402
import signed  # noqa: E402
WANTED = ("vacancy page", "logged-in own page", "facility board", "quote", "booking", "cancellation to offer", "sign-in",
          "nation: booking, all cities")
count = 0


def verdict(good, what, why=""):
    global count
    count += 1
    print(("ok" if good else "not ok") + f" {count} - {what}" + ("" if good else "\n# " + str(why).replace("\n", "\n# ")))


def broken_row():
    """A row that breaks down is named, and what else was found is told."""
    sys.path.insert(0, str(ROOT / "bench"))
    import bench  # pylint: disable=import-error,import-outside-toplevel
    some = bench.Bench(argparse.Namespace(build="build", short=True, nation=False, flat="1M"), pathlib.Path("."))
    some.found[("vacancy page", "sqlite", 64)] = {"rps": 5.0, "ratio": 0.5, "p99_ms": 2.0}
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()) as said:
        some.attempt("sqlite: offers", lambda: {}["nothing"])
        report = some.report()
        bench.verdicts(report, some.goals)
    verdict(report["failed"] == ["sqlite: offers: KeyError: 'nothing'"] and report["vacancy_page"]["ratio_to_nginx"] == 0.5
            and "not measured" in said.getvalue() and "missed" in said.getvalue(), "a row that fails costs only itself", report)


BURNS = """import os, sys, time
child = os.fork()
while time.process_time() < 0.1: pass
if child == 0: sys.stdin.readline(); os._exit(0)
print(flush=True); os.wait(); print(flush=True); sys.stdin.readline()"""


def a_child_ends():
    """A backend that has worked before and ends while the clock runs takes none of its work back."""
    with subprocess.Popen([sys.executable, "-c", BURNS], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as family:
        family.stdout.readline()
        clock = server.FamilyClock(family.pid)
        family.stdin.write(b"\n")
        family.stdin.flush()
        family.stdout.readline()
        used = clock.used_s()
        family.stdin.close()
    verdict(0 <= used, "a child that ends makes no time negative", used)


def main():
    broken_row()
    a_child_ends()
    with tempfile.TemporaryDirectory(prefix="sango-bench-report-") as folder:
        path = pathlib.Path(folder, "report.json")
        done = subprocess.run([ROOT / "bench" / "bench.py", "--short", "--json", path, "--build", sys.argv[1]],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        verdict(done.returncode == 0 and path.exists(), "the short bench runs", done.stdout.decode())
        report = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"rows": []}
    schema = json.loads((ROOT / "bench" / "report.schema.json").read_text(encoding="utf-8"))
    faults = [f"{list(fault.absolute_path)}: {fault.message}"
              for fault in jsonschema.Draft202012Validator(schema).iter_errors(report)]
    verdict(not faults, "its report has the promised shape", "\n".join(faults))
    verdict(report.get("failed") == [], "no part of it failed", report.get("failed"))
    worst = report.get("worst_logged_in_page", {"name": ""})["name"].split(" ")[-1]
    verdict(worst in signed.FEW, "the worst page of those who signed in has a name", worst)
    for engine in ("sqlite", "postgresql"):
        rows = [row for row in report["rows"] if row["engine"] == engine]
        missing = set(WANTED) - {row["what"] for row in rows}
        verdict(not missing, f"{engine}: every question was asked", missing)
        silent = [row["what"] for row in rows if row["what"] in WANTED and row["rps"] == 0]
        verdict(not silent, f"{engine}: every question was answered", silent)
        lost = [row for row in rows if row["what"] == "booking" and not load.kept(row, row["rows"], row["acknowledged"])]
        verdict(not lost, f"{engine}: every acknowledged booking is in the database", lost)
    print(f"1..{count}")


main()
