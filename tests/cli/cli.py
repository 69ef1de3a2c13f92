#!/usr/bin/env python3
"""cli.py PROGRAM: finding commands, help, version, and the exit statuses everybody relies on."""
import pathlib
import re
import subprocess
import sys

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
    (["nothing"], 2, "", r"sango: there is no command 'nothing'.+\n"),
    ([""], 2, "", r"sango: there is no command ''.+\n"),
    ([], 2, "", r"sango: name a command.+\n"),
]


def run(arguments, stdout=subprocess.PIPE):
    return subprocess.run([PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE,
                          text=True, check=False)


def main():
    print(f"1..{len(CASES) + 1}")
    for number, (arguments, status, out, err) in enumerate(CASES, 1):
        done = run(arguments)
        right = (done.returncode == status and re.fullmatch(out, done.stdout, re.DOTALL)
                 and re.fullmatch(err, done.stderr, re.DOTALL))
        print("ok" if right else "not ok", number, "-", "sango", *arguments)
        if not right:
            print(f"# status {done.returncode}, stdout {done.stdout!r}, stderr {done.stderr!r}")
    with open("/dev/full", "w", encoding="utf-8") as full:
        print("ok" if run(["version"], full).returncode == 1 else "not ok", len(CASES) + 1, "- a full disk is no success")


main()
