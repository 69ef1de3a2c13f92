#!/usr/bin/env python3
"""tmpl_types.py TMPL SRC CC…: a value of a type that has no way into its place is an error of the C compiler at the
template's own line; a value that has one compiles. Prints TAP."""
import pathlib
import subprocess
import sys
import tempfile

TMPL, SRC, *CC = sys.argv[1:]
# (parameter, line 2 of the template, accepted)
CASES = [
    ("struct text v", "{{ v }}", True),
    ("const struct text v", '<p title="{{ v }}">{{ v }}</p>', True),
    ("char *v", '<a href="{{ v }}">{{ v }}</a>', True),
    ("html_t v", "{{ v }}", True),
    ("html_t v", '<p title="{{ v }}"></p>', False),
    ("html_t v", '<a href="{{ v }}">a</a>', False),
    ("html_t v", '<a href="/{{ v }}">a</a>', False),
    ("html_t v", "<textarea>{{ v }}</textarea>", False),
    ("bool v", "{{ v }}", False),
    ("double v", "{{ v }}", False),
    ("char v", "{{ v }}", False),
    ("void *v", "{{ v }}", False),
    ("struct ymd v", "{{ v }}", False),
    ("const struct text *v", "{{ v }}", False),
    ("int v", '<a href="{{ v }}">a</a>', False),
    ("int v", '<a href="/{{ v }}">a</a>', True),
    ("struct yen v", '<a href="/{{ v }}">a</a>', False),
    ("struct booking_id v", '<a href="/{{ v }}">a</a>', True),
    ("struct link_base v", '<a href="{{ v }}/x">a</a>', True),
    ("struct link_base v", '<a href="/{{ v }}">a</a>', False),
    ("struct day v", '<a href="/?d={{ v }}">a</a>', True),
]


def compiles(folder, parameter, line):
    """(exit status, complaints) of the C compiler."""
    template = folder / "t.html"
    template.write_text(f"{{% block t({parameter}) %}}\n{line}\n{{% end %}}\n", encoding="utf-8")
    subprocess.run([TMPL, template, folder / "t.c", folder / "t.h"], check=True)
    command = [*CC, "-std=c17", "-Wall", "-Werror", "-fsyntax-only", f"-I{SRC}", f"-I{folder}", folder / "t.c"]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stderr


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for number, (parameter, line, accepted) in enumerate(CASES, 1):
            status, complaints = compiles(folder, parameter, line)
            good = status == 0 if accepted else status != 0 and "t.html:2:" in complaints
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} - {parameter} in {line}")
            if not good:
                print("#", complaints.replace("\n", "\n# "))
        bad = folder / "bad.html"
        bad.write_text("{% block t(int v) %}\n<p>\n<a {{ v }}>\n{% end %}\n", encoding="utf-8")
        done = subprocess.run([TMPL, bad, folder / "b.c", folder / "b.h"], capture_output=True, text=True)
        good = done.returncode == 1 and done.stderr.startswith(f"{bad}:3: error: ")
        print(f"{'ok' if good else 'not ok'} {len(CASES) + 1} - the compiler's own complaint names file and line")
        print(f"1..{len(CASES) + 1}")
    return 1 if failed or not good else 0


if __name__ == "__main__":
    sys.exit(main())
