#!/usr/bin/env python3
"""The counting of tests/run.py: nothing that failed, crashed or never ran may look like success."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import run  # noqa: E402

# Title, meson's verdict, stdout, (passed, failed, skipped).
CASES = [
    ("all cases pass", "OK", "1..2\nok 1 - a\nok 2 - b\n", (2, 0, 0)),
    ("one case fails", "FAIL", "1..2\nok 1 - a\nnot ok 2 - b\n", (1, 1, 0)),
    ("a skipped case", "OK", "1..2\nok 1 - a # SKIP no root\nok 2 - b\n", (1, 0, 1)),
    ("skipped as cmocka writes it", "OK", "1..1\nnot ok 1 # SKIP a\n", (0, 0, 1)),
    ("a case to do", "OK", "1..1\nnot ok 1 - a # TODO later\n", (1, 0, 0)),
    ("a crash after good cases", "ERROR", "1..3\nok 1 - a\nok 2 - b\n", (2, 1, 0)),
    ("a leak at the end", "FAIL", "1..1\nok 1 - a\n", (1, 1, 0)),
    ("out of time", "TIMEOUT", "", (0, 1, 0)),
    ("no cases, good status", "OK", "", (1, 0, 0)),
    ("no cases, bad status", "FAIL", "words\n", (0, 1, 0)),
    ("a failure that was wanted", "EXPECTEDFAIL", "", (1, 0, 0)),
    ("a failure that was wanted and stayed out", "UNEXPECTEDPASS", "", (0, 1, 0)),
    ("a whole program skipped", "SKIP", "1..0 # SKIP no node\n", (0, 0, 1)),
    ("words that only begin like a verdict", "OK", "1..1\nokay then\nok 1 - a\n", (1, 0, 0)),
    ("verdicts of nested cases count once", "OK", "    ok 1 - inner\nok 1 - outer\n1..1\n", (1, 0, 0)),
    ("died before anything ran", "ERROR", None, (0, 1, 0)),
]


# Title, shell program under tests/skips.py, its exit status, its output.
WRAPPED = [
    ("a skip by cmocka", "echo 'not ok 3 # SKIP a_case'", 0, "ok 3 - a_case # SKIP\n"),
    ("a real failure", "echo 'not ok 3 - a_case'; exit 1", 1, "not ok 3 - a_case\n"),
    ("a failure whose words mention skips", "echo 'not ok 3 - # SKIP'", 0, "not ok 3 - # SKIP\n"),
    ("a crash", "echo 'ok 1 - a'; kill -SEGV $$", -11, "ok 1 - a\n"),
]


def wrapped(program):
    done = subprocess.run([sys.executable, ROOT / "tests" / "skips.py", "sh", "-c", program], text=True, check=False,
                          stdout=subprocess.PIPE)
    return done.returncode, done.stdout


def main():
    print(f"1..{len(CASES) + len(WRAPPED)}")
    for number, (title, verdict, stdout, wanted) in enumerate(CASES, 1):
        found = run.count({"name": title, "result": verdict, "stdout": stdout})
        print("ok" if found == wanted else "not ok", number, "-", title)
        if found != wanted:
            print(f"# {found} instead of {wanted}")
    for number, (title, program, status, output) in enumerate(WRAPPED, len(CASES) + 1):
        found = wrapped(program)
        print("ok" if found == (status, output) else "not ok", number, "-", title)
        if found != (status, output):
            print(f"# {found}")


main()
