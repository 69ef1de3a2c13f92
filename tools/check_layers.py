#!/usr/bin/env python3
"""tools/check_layers.py [ROOT]: keeps the floors of src/layers apart.

Every file under src/<floor>/ may include its own floor and the floors that src/layers grants it, always as
"floor/file.h"; headers may not include each other in circles. Prints one line a fault; exit status 1 on any."""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)
INCLUDE_TEMPLATE = re.compile(r'\{%-?[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]')


def read_layers(path):
    """{floor: set of floors it may use}; a floor may only name floors that stand above it in the file."""
    floors, faults = {}, []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        floor, colon, uses = line.partition(":")
        if not colon or floor in floors:
            faults.append(f"{path}:{number}: expected one line 'floor: floors it may use'")
            continue
        for name in uses.split():
            if name not in floors:
                faults.append(f"{path}:{number}: '{floor}' may only use floors named above it, not '{name}'")
        floors[floor] = set(uses.split())
    return floors, faults


def includes_of(path):
    """(line number, bracket, name) of each include; templates (.html) name theirs in {% include %}."""
    text = path.read_text(encoding="utf-8")
    pattern = INCLUDE_TEMPLATE if path.suffix == ".html" else INCLUDE
    for match in pattern.finditer(text):
        yield text.count("\n", 0, match.start(2)) + 1, match.group(1), match.group(2)


def check_file(path, src, floors):
    floor = path.relative_to(src).parts[0]
    for number, bracket, name in includes_of(path):
        first, slash, _ = name.partition("/")
        if bracket == "<":
            if slash and first in floors and (src / name).exists():
                yield f'{path}:{number}: write #include "{name}", not <{name}>'
        elif not slash or ".." in name:
            yield f'{path}:{number}: write #include "floor/file.h", not "{name}"'
        elif first not in floors:
            yield f'{path}:{number}: "{name}" belongs to no floor of src/layers'
        elif first != floor and first not in floors[floor]:
            yield f'{path}:{number}: floor {floor} may not use floor {first} ("{name}")'


def circles(src):
    """Each circle among headers once, as 'a.h -> b.h -> a.h'."""
    graph = {}
    for path in sorted(src.rglob("*.h")):
        graph[str(path.relative_to(src))] = [name for _, bracket, name in includes_of(path) if bracket == '"']
    done, found = set(), []

    def visit(name, trail):
        if name in trail:
            found.append(" -> ".join(trail[trail.index(name):] + [name]))
        elif name not in done:
            for other in graph.get(name, []):
                visit(other, trail + [name])
            done.add(name)

    for name in graph:
        visit(name, [])
    return found


def check(root):
    src = root / "src"
    floors, faults = read_layers(src / "layers")
    for folder in sorted(path for path in src.iterdir() if path.is_dir()):
        if folder.name not in floors:
            faults.append(f"{folder}: this floor is not in src/layers")
            continue
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".c", ".h", ".html") and path.is_file():
                faults += check_file(path, src, floors)
    faults += [f"{src}: headers in a circle: {circle}" for circle in circles(src)]
    return faults


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent)
    faults = check(root)
    print(*faults, sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
