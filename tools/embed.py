#!/usr/bin/env python3
"""embed.py OUT.c HEADER NAME FILE: puts a file into the program as NAME[] and NAME_size, declared in HEADER."""
import pathlib
import sys


def main():
    out, header, name, path = sys.argv[1:]
    data = pathlib.Path(path).read_bytes()
    rows = [", ".join(str(byte) for byte in data[at:at + 24]) for at in range(0, len(data), 24)]
    pathlib.Path(out).write_text(
        f'/* Made from {pathlib.Path(path).name} by tools/embed.py. */\n#include "{header}"\n\n'
        f"const unsigned char {name}[] = {{\n    " + ",\n    ".join(rows)
        + f"}};\nconst size_t {name}_size = sizeof({name});\n", encoding="utf-8")


if __name__ == "__main__":
    main()
