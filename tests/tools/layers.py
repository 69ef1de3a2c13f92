#!/usr/bin/env python3
"""The check of the floors: finds every kind of fault in a small made-up tree, and none in this one."""
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import check_layers  # noqa: E402

LAYERS = "# lowest first\nbase:\ncore: base\ncli: base core\n"
GOOD = {"src/layers": LAYERS, "src/base/a.h": "#include <stdio.h>\n", "src/core/b.h": '#include "base/a.h"\n',
        "src/core/b.c": '#include "core/b.h"\n', "src/cli/main.c": '#include "core/b.h"\n#include "base/a.h"\n'}

# What is added to the good tree, and what the only fault must say.
CASES = [
    ("an honest tree", {}, None),
    ("a forbidden floor", {"src/base/a.c": '\n#include "core/b.h"\n'}, "a.c:2: floor base may not use floor core"),
    ("a spaced directive", {"src/base/a.c": '  #  include  "core/b.h"\n'}, "a.c:1: floor base may not use"),
    ("a sideways include", {"src/core/c.c": '#include "b.h"\n'}, 'write #include "floor/file.h", not "b.h"'),
    ("an upward path", {"src/core/c.c": '#include "core/../cli/x.h"\n'}, 'write #include "floor/file.h"'),
    ("angle brackets", {"src/core/c.c": "#include <base/a.h>\n"}, 'write #include "base/a.h"'),
    ("an unknown floor", {"src/core/c.c": '#include "util/x.h"\n'}, "belongs to no floor"),
    ("an undeclared folder", {"src/util/x.h": ""}, "this floor is not in src/layers"),
    ("a template", {"src/core/t/p.html": '{% include "cli/x.h" %}\n'}, "floor core may not use floor cli"),
    ("a nested folder", {"src/base/deep/a.c": '#include "cli/x.h"\n'}, "floor base may not use floor cli"),
    ("a circle", {"src/base/a.h": '#include "base/z.h"\n', "src/base/z.h": '#include "base/a.h"\n'},
     "base/a.h -> base/z.h -> base/a.h"),
    ("a header including itself", {"src/base/a.h": '#include "base/a.h"\n'}, "base/a.h -> base/a.h"),
    ("a floor using a higher one", {"src/layers": LAYERS.replace("base:", "base: core")}, "named above it"),
    ("a line without colon", {"src/layers": LAYERS + "job\n"}, "expected one line"),
    ("a floor named twice", {"src/layers": LAYERS + "core: base\n"}, "expected one line"),
]


def faults_of(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return check_layers.check(pathlib.Path(folder))


def main():
    print(f"1..{len(CASES) + 1}")
    for number, (title, added, wanted) in enumerate(CASES, 1):
        faults = faults_of({**GOOD, **added})
        right = not faults if wanted is None else len(faults) == 1 and wanted in faults[0]
        print("ok" if right else "not ok", number, "-", title)
        if not right:
            print(*(f"# {fault}" for fault in faults), sep="\n")
    faults = check_layers.check(ROOT)
    print("not ok" if faults else "ok", len(CASES) + 1, "- this project")
    print(*(f"# {fault}" for fault in faults), sep="\n")


main()
