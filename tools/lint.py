#!/usr/bin/env python3
"""tools/lint.py BUILD: everything about the sources that the compiler does not say.

Format, floors, forbidden words, names and lengths of files, a README in each room, clang-tidy. BUILD is a folder
configured with clang (its compile_commands.json names the files and flags). Exit status 1 on any fault."""
import fnmatch
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import check_layers

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLANG = "14"  # one version decides about format and checks, or every machine would want something else

# What must not stand in C code (comments and literals removed), where it may nevertheless, and what to do instead.
WORDS = [
    (r"\b(?:strcpy|strcat|sprintf|vsprintf|gets|strtok|strtok_r)\s*\(", (), "use struct text (base/text.h)"),
    (r"\b(?:atoi|atol|atoll|atof|strtol|strtoul|strtoll|strtoull|sscanf)\s*\(", ("src/base/num.c",), "use base/num.h"),
    (r"\b(?:system|popen)\s*\(", (), "start no shell"),
    (r"\balloca\s*\(", (), "use the arena"),
    (r"\b(?:rand|srand|random|rand_r)\s*\(", ("src/sys/*",), "use struct env (sys/env.h)"),
    # CLOCK_MONOTONIC is a stopwatch for waits, not a time of day.
    (r"(?<![\w.>])(?:time|now|clock_gettime(?!\(CLOCK_(?:MONOTONIC|BOOTTIME)\b)|gettimeofday|localtime|localtime_r|mktime)\s*\(",
     ("src/sys/*",), "ask struct env for the time (sys/env.h)"),
    (r"\b(?:malloc|calloc|realloc|strdup|strndup|free)\s*\(",
     ("src/base/arena.c", "src/sys/*", "src/db/*", "src/http/*", "tools/*"), "use an arena"),
    (r"\bNDEBUG\b", (), "asserts stay on"),
]
# What must not stand inside string literals.
LITERALS = [
    (r"\s*(?:SELECT\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\s|CREATE\s+TABLE\s|WITH\s+\w+\s+AS\s)",
     ("src/db/*", "src/store/*", "src/query/*"), "SQL belongs to store, query or db"),
    (r"[^<]*<(?:/?(?:div|p|span|a|html|head|body|h[1-6]|table|t[rdh]|form|input|button|ul|ol|li|main|nav|section|br|"
     r"script|style|link|meta|label|select|option|textarea)[\s>/]|!doctype)", ("src/web/tmpl/*", "src/web/html.c",
                                                                              "src/web/piece.c", "tools/*"),
     "HTML belongs to web/tmpl"),
]
NAME = re.compile(r"(?:^|[_-])(?:util|utils|common|misc|helper|helpers|manager)(?:[_.-]|$)")
TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
LINES_MAX = 400


def tracked(*patterns):
    """Files that git knows or would add; build folders and downloads are not ours to judge."""
    listing = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
                             cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return sorted(name for name in set(listing.split("\0")) if name and (ROOT / name).is_file())


def within(name, patterns):
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def blank(piece):
    return re.sub(r"[^\n]", " ", piece)


def code_and_literals(text):
    """The code with comments and literals blanked, and [(offset, literal)] of its string literals."""
    literals = []

    def keep(match):
        token = match.group()
        if token.startswith('"'):
            literals.append((match.start(), token[1:-1]))
        return blank(token)

    return TOKEN.sub(keep, text), literals


def words_in(name, text):
    code, literals = code_and_literals(text)

    def at(offset):
        return f"{name}:{text.count(chr(10), 0, offset) + 1}"

    for pattern, allowed, advice in WORDS:
        if not within(name, allowed):
            for match in re.finditer(pattern, code):
                yield f"{at(match.start())}: {match.group().rstrip('(').strip()}: {advice}"
    for pattern, allowed, advice in LITERALS:
        if not within(name, allowed):
            for offset, literal in literals:
                if re.match(pattern, literal, re.IGNORECASE if "HTML" in advice else 0):
                    yield f"{at(offset)}: {advice}"


def long_files_allowed():
    """tools/long_files: 'path  # reason' a line."""
    allowed = {}
    for line in (ROOT / "tools" / "long_files").read_text(encoding="utf-8").splitlines():
        path, mark, reason = line.partition("#")
        if path.strip():
            allowed[path.strip()] = bool(mark and reason.strip())
    return allowed


def check_words():
    for name in tracked("src/*.c", "src/*.h"):
        yield from words_in(name, (ROOT / name).read_text(encoding="utf-8"))


def check_names():
    for name in tracked():
        if NAME.search(pathlib.PurePath(name).name.lower()):
            yield f"{name}: a file's name says what it is about; this one does not"


def check_lengths():
    allowed = long_files_allowed()
    for name, reasoned in allowed.items():
        if not (ROOT / name).exists():
            yield f"tools/long_files: {name} is gone; take its line out"
        elif not reasoned:
            yield f"tools/long_files: {name} needs a reason after '#'"
    for name in tracked("src/*.c", "src/*.h", "tools/*.c", "tools/*.h", "tools/*.py", "tests/*.c", "tests/*.h",
                        "tests/*.py"):
        lines = (ROOT / name).read_text(encoding="utf-8").count("\n")
        if lines > LINES_MAX and name not in allowed:
            yield f"{name}: {lines} lines; split it below {LINES_MAX} or give a reason in tools/long_files"


def check_readmes():
    for folder in sorted({str(pathlib.PurePath(name).parent) for name in tracked("src/*")}):
        readme = ROOT / folder / "README.md"
        if not readme.exists():
            yield f"{folder}: needs a README.md: what this room is for, what may enter"
        elif readme.read_text(encoding="utf-8").count("\n") > 10 and folder != "src/web/tmpl":
            yield f"{folder}/README.md: at most ten lines"


def check_format():
    program = shutil.which(f"clang-format-{CLANG}")
    if program is None:
        print(f"format: skipped, this machine has no clang-format-{CLANG} (other versions format differently)")
        return
    names = tracked("src/*.c", "src/*.h", "tools/*.c", "tools/*.h", "tests/*.c", "tests/*.h", "bench/*.c", "bench/*.h")
    done = subprocess.run([program, "--dry-run", "-Werror", *names], cwd=ROOT, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    yield from sorted({f"{line.split(':')[0]}: run clang-format-{CLANG} -i on it"
                       for line in done.stdout.splitlines() if "error:" in line})


def tidy_jobs(build):
    """{file: command} for what clang-tidy should read: the program and the tools, not the tests."""
    jobs = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = pathlib.Path(entry["directory"], entry["file"]).resolve()
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in ("src", "tools"):
            jobs.setdefault(path, entry["command"])
    return jobs


def check_tidy(build):
    program = shutil.which(f"clang-tidy-{CLANG}")
    if program is None:
        print(f"clang-tidy: skipped, this machine has no clang-tidy-{CLANG}")
        return
    # A file is read again only if it, any header or the rules changed since it was found clean.
    base = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    for name in tracked("src/*.h", "tools/*.h"):
        base.update((ROOT / name).read_bytes())
    clean = build / "tidy-clean"
    clean.mkdir(exist_ok=True)

    def tidy(job):
        path, command = job
        key = base.copy()
        key.update(f"{path} {command}".encode() + path.read_bytes())
        stamp = clean / key.hexdigest()
        if stamp.exists():
            return []
        done = subprocess.run([program, "--quiet", "-p", str(build), str(path)], cwd=ROOT, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, check=False)
        if done.returncode == 0:
            stamp.touch()
            return []
        # One line a fault; `clang-tidy-14 -p build-asan FILE` shows how the analyzer came to think so.
        found = {re.sub(r"^\S*?\.\./", "", line).replace(",-warnings-as-errors]", "]")
                 for line in done.stdout.splitlines() if " error: " in line or line.startswith("error: ")}
        return sorted(found) or [f"{path}: clang-tidy failed without a word"]

    with ThreadPoolExecutor(2) as pool:
        for found in pool.map(tidy, sorted(tidy_jobs(build).items())):
            yield from found


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    faults = 0
    for title, check in [("format", check_format), ("floors", lambda: check_layers.check(ROOT)),
                         ("words", check_words), ("names", check_names), ("lengths", check_lengths),
                         ("readmes", check_readmes), ("clang-tidy", lambda: check_tidy(build))]:
        found = [str(fault).replace(f"{ROOT}/", "") for fault in check()]
        faults += len(found)
        print(*found, sep="\n", end="\n" if found else "")
        print(f"{title}: {len(found) or 'no'} fault{'s' if len(found) != 1 else ''}", flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
