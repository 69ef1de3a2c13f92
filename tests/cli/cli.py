#!/usr/bin/env python3
"""cli.py PROGRAM: finding commands, help, version, and the exit statuses everybody relies on."""
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
HERE = pathlib.Path(__file__).parent
HIRAKATA = str(HERE / "../../cities/hirakata.json")
CASE = str(HERE / "case.json")

# Arguments, exit status, pattern of stdout, pattern of stderr (both for the whole output).
CASES = [
    (["version"], 0, r"sango \d+\.\d+\.\d+ \(.+\)\nSQLite 3\.\d+\.\d+: safe, .+\n", ""),
    (["--version"], 0, r"sango \d.*", ""),
    (["version", "x"], 2, "", r"sango version: .+\n"),
    (["help"], 0, r"sango: .+\n  help .+\n.*  version .+\n", ""),
    (["--help"], 0, r"sango: .+", ""),
    (["-h"], 0, r"sango: .+", ""),
    (["help", "version"], 0, r"sango version ?\n    .+\n", ""),
    (["help", "nothing"], 2, "", r"sango help: there is no command 'nothing'\n"),
    (["help", "a", "b"], 2, "", r"sango help: .+\n"),
    (["quote", HIRAKATA, CASE], 0, r'\{"allowed":false,"refusals":\[\{"code":"quota",.*"left":2.*"total":9300.*\}\n', ""),
    (["quote", CASE, CASE], 2, "", r"sango quote: .+case.json: /today .+\n"),
    (["quote", HIRAKATA, HIRAKATA], 2, "", r"sango quote: .+hirakata.json: /code .+\n"),
    (["quote", HIRAKATA, "/nowhere"], 2, "", r"sango quote: /nowhere: cannot be read.+\n"),
    (["quote", HIRAKATA], 2, "", r"sango quote: name two files.+\n"),
    (["check-profile", HIRAKATA], 0, r".+hirakata.json: ok \(枚方市, versions: 1\)\n", ""),
    (["check-profile", HIRAKATA, CASE, "/nowhere"], 1,
     r".+ ok .+\n(.+case.json: /\S*: .+\n)+/nowhere: /: the file cannot be read.+\n", ""),
    (["holidays"], 2, "", r"sango holidays: .+\n"),
    (["holidays", "import", "x.csv"], 2, "", r"sango import: .+\n"),
    (["check-profile"], 2, "", r"sango check-profile: name the files.+\n"),
    (["verify"], 2, "", r"sango verify: name the database.+\n"),
    (["verify", "--db", "sqlite:/nowhere/there.db"], 1, "", r"sango verify: .+\n"),
    (["nothing"], 2, "", r"sango: there is no command 'nothing'.+\n"),
    ([""], 2, "", r"sango: there is no command ''.+\n"),
    ([], 2, "", r"sango: name a command.+\n"),
]


def run(arguments, stdout=subprocess.PIPE):
    return subprocess.run([PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE,
                          text=True, check=False)


def verify_tells():
    """A fresh database is sound; a promise beyond the capacity is named and ends with 1."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "city.db"
        url = f"sqlite:{path}"
        fresh = run(["migrate", "--db", url]).returncode == 0 and run(["verify", "--db", url]).returncode == 0
        with sqlite3.connect(path) as db:
            db.execute("INSERT INTO slot (city, facility, care, day, capacity, shortfall) VALUES"
                       " (1, 2, 'stay', '2026-12-01', 1, 1)")
        db.close()
        broken = run(["verify", "--db", url])
        return fresh and broken.returncode == 1 and "I1   BROKEN" in broken.stdout and "2:stay:2026-12-01" in broken.stdout


def main():
    print(f"1..{len(CASES) + 2}")
    for number, (arguments, status, out, err) in enumerate(CASES, 1):
        done = run(arguments)
        right = (done.returncode == status and re.fullmatch(out, done.stdout, re.DOTALL)
                 and re.fullmatch(err, done.stderr, re.DOTALL))
        print("ok" if right else "not ok", number, "-", "sango", *arguments)
        if not right:
            print(f"# status {done.returncode}, stdout {done.stdout!r}, stderr {done.stderr!r}")
    with open("/dev/full", "w", encoding="utf-8") as full:
        print("ok" if run(["version"], full).returncode == 1 else "not ok", len(CASES) + 1, "- a full disk is no success")
    print("ok" if verify_tells() else "not ok", len(CASES) + 2, "- verify tells what is broken")


main()
