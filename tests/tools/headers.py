#!/usr/bin/env python3
"""headers.py BUILD CC…: every header under src/ compiles alone, with the flags its floor's own files get."""
import json
import pathlib
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(sys.argv[1])


def flags_by_floor():
    """Compiler and flags of one file of each floor, without what names that file's input and output."""
    found = {}
    for entry in json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8")):
        path = pathlib.Path(entry["directory"], entry["file"]).resolve()
        if not path.is_relative_to(ROOT / "src"):
            continue
        words, kept = shlex.split(entry["command"]), []
        while words:
            word = words.pop(0)
            if word in ("-o", "-MF", "-MQ", "-c"):
                words.pop(0)
            elif word not in ("-MD",):
                kept.append(word)
        found.setdefault(path.relative_to(ROOT / "src").parts[0], kept)
    return found


def compile_alone(job):
    header, flags = job
    # Twice: a header must also bear being included again.
    source = f'#include "{header}"\n#include "{header}"\ntypedef int not_empty;\n'
    done = subprocess.run([*flags, "-fsyntax-only", "-x", "c", "-"], cwd=BUILD, input=source, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return header, done.returncode, done.stdout


def main():
    flags = flags_by_floor()
    headers = sorted(str(path.relative_to(ROOT / "src")) for path in (ROOT / "src").rglob("*.h"))
    # A floor without a single compiled file has nothing but headers; the cli floor's flags see everything.
    jobs = [(header, flags.get(header.split("/")[0], flags["cli"])) for header in headers]
    print(f"1..{len(jobs)}")
    with ThreadPoolExecutor(2) as pool:
        for number, (header, status, output) in enumerate(pool.map(compile_alone, jobs), 1):
            print("not ok" if status else "ok", number, "-", header)
            if status:
                print(*(f"# {line}" for line in output.splitlines()), sep="\n")


main()
