#!/usr/bin/env python3
"""assets.py OUT.c OUT.h FILE…: puts static files into the program.

Each is served under a name that holds a hash of its bytes, so that browsers may keep it for ever, and is compressed
here, once. OUT.h names them for the templates: sango.css becomes ASSET_SANGO_CSS."""
import gzip
import hashlib
import pathlib
import sys

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


def c_bytes(data):
    rows = [", ".join(f"{byte:#04x}" for byte in data[at:at + 20]) for at in range(0, len(data), 20)]
    return "{" + ",\n ".join(rows) + "}"


def macro(path):
    return "ASSET_" + path.name.upper().replace(".", "_").replace("-", "_")


def main():
    out_c, out_h, *files = map(pathlib.Path, sys.argv[1:])
    names, arrays, rows = [], [], []
    for number, path in enumerate(sorted(files, key=lambda path: path.name)):
        data = path.read_bytes()
        packed = gzip.compress(data, 9, mtime=0)
        digest = hashlib.sha256(data).hexdigest()[:12]
        names.append(f'#define {macro(path)} "{path.stem}.{digest}{path.suffix}"')
        arrays.append(f"static const unsigned char raw_{number}[] = {c_bytes(data)};")
        arrays.append(f"static const unsigned char packed_{number}[] = {c_bytes(packed)};")
        rows.append(f'    {{TEXT_INIT({macro(path)}), TEXT_INIT("{TYPES[path.suffix]}"), '
                    f"{{(const char *)raw_{number}, sizeof(raw_{number})}}, "
                    f"{{(const char *)packed_{number}, sizeof(packed_{number})}}}},")
    out_h.write_text("/* Made by tools/assets.py. */\n#ifndef SANGO_WEB_STATIC_ASSETS_H\n#define SANGO_WEB_STATIC_ASSETS_H\n\n"
                     + "\n".join(names) + "\n\n#endif\n", encoding="utf-8")
    out_c.write_text('/* Made by tools/assets.py. */\n#include "web/static/assets.h"\n\n#include "web/asset.h"\n\n'
                     + "\n".join(arrays) + "\n\nconst struct asset assets[] = {\n" + "\n".join(rows)
                     + "\n};\nconst size_t asset_count = sizeof(assets) / sizeof(assets[0]);\n", encoding="utf-8")


if __name__ == "__main__":
    main()
