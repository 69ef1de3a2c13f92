#!/usr/bin/env python3
"""The lint's words: what it must find in a line of C, and what it must let pass."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import lint  # noqa: E402

# File, line of C, word of the complaint (None: no complaint).
CASES = [
    ("src/core/a.c", "strcpy(a, b);", "struct text"),
    ("src/core/a.c", "int n = sprintf (a, b);", "struct text"),
    ("src/core/a.c", "snprintf(a, n, b);", None),
    ("src/core/a.c", "x = atoi(s);", "num.h"),
    ("src/base/num.c", "x = strtol(s, &end, 10);", None),
    ("src/web/a.c", 'system("ls");', "shell"),
    ("src/web/a.c", "ecosystem(x);", None),
    ("src/web/a.c", "p = alloca(n);", "arena"),
    ("src/service/a.c", "t = time(NULL);", "struct env"),
    ("src/service/a.c", "t = now();", "struct env"),
    ("src/service/a.c", "t = env_now(env);", None),
    ("src/service/a.c", "t = day_time(d);", None),
    ("src/service/a.c", "t = ctx->time(d);", None),
    ("src/sys/env.c", "clock_gettime(CLOCK_REALTIME, &t);", None),
    ("src/db/a.c", "clock_gettime(CLOCK_REALTIME, &t);", "struct env"),
    ("src/db/a.c", "clock_gettime(CLOCK_MONOTONIC, &t);", None),
    ("src/core/a.c", "p = malloc(n);", "arena"),
    ("src/db/a.c", "free(p);", None),
    ("src/core/a.c", "/* strcpy(a, b) was here */ // atoi(x)", None),
    ("src/core/a.c", 'f("call strcpy(a) please");', None),
    ("src/web/a.c", 'q = "SELECT id FROM booking";', "SQL"),
    ("src/web/a.c", 'q = "INSERT INTO booking";', "SQL"),
    ("src/web/a.c", 'q = "UPDATE booking SET";', "SQL"),
    ("src/web/a.c", 'q = "Select a date";', None),
    ("src/store/a.c", 'q = "SELECT id FROM booking";', None),
    ("src/web/a.c", 'h = "<div class=\\"x\\">";', "HTML"),
    ("src/web/a.c", 'h = "</p>";', "HTML"),
    ("src/web/a.c", 'h = "Hello<br>";', "HTML"),
    ("src/web/html.c", 'h = "<div>";', None),
    ("src/notify/a.c", 'h = "To: <%s>";', None),
    ("src/core/a.c", "#ifdef NDEBUG", "asserts"),
    ("src/core/a.c", "char c = '\"'; strcpy(a, b); char d = '\"';", "struct text"),
]
NAMES = [("util.c", True), ("date_util.c", True), ("common.h", True), ("id_manager.c", True), ("helpers.py", True),
         ("date.c", False), ("utility_bill.c", False), ("misconduct.c", False), ("misc-old.h", True)]


def main():
    print(f"1..{len(CASES) + len(NAMES)}")
    number = 0
    for name, line, wanted in CASES:
        found = list(lint.words_in(name, line))
        right = not found if wanted is None else len(found) == 1 and wanted in found[0]
        number += 1
        print("ok" if right else "not ok", number, "-", name, line)
        print(*(f"# {fault}" for fault in found), sep="\n", end="\n" if found else "")
    for name, wanted in NAMES:
        number += 1
        print("ok" if bool(lint.NAME.search(name)) == wanted else "not ok", number, "- file name", name)


main()
