#!/usr/bin/env python3
"""Writes schema/NNNN_verb_noun.sql files into C as db_migrations[] (src/db/db.h).

usage: schema_embed.py OUT.c FILE…
Refuses gaps and repetitions in the numbers, odd file names and unknown @placeholders@, so that they end the build
and not somebody's migration.
"""
import os
import re
import sys

WORDS = {"int", "bool", "text", "day", "time", "blob", "keyed", "strict"}


def fail(path, message):
    sys.exit(f"{path}: {message}")


def read(path, expected):
    match = re.fullmatch(r"(\d{4})_([a-z]+(?:_[a-z0-9]+)+)\.sql", os.path.basename(path))
    if not match:
        fail(path, "the name must be NNNN_verb_noun.sql")
    if int(match[1]) != expected:
        fail(path, f"number {expected:04} was expected")
    with open(path, encoding="utf-8") as file:
        sql = file.read()
    for word in re.findall(r"@([a-z]+)@", sql):
        if word not in WORDS:
            fail(path, f"@{word}@ is not one of " + ", ".join(f"@{w}@" for w in sorted(WORDS)))
    if re.search(r"\b(BIGINT|BOOLEAN|BYTEA|SERIAL|AUTOINCREMENT)\b", re.sub(r"--[^\n]*", "", sql)):
        fail(path, "a type of one engine only: write the placeholder")
    return match[2], sql


def main():
    out, *paths = sys.argv[1:]
    rows = []
    lines = ['/* Made from the files in schema/ by tools/schema_embed.py. */', '#include "db/db.h"', ""]
    for number, path in enumerate(sorted(paths, key=os.path.basename), 1):
        name, sql = read(path, number)
        data = sql.encode() + b"\0"
        lines.append(f"static const char sql_{number}[] = {{")
        for at in range(0, len(data), 24):
            lines.append("    " + " ".join(f"{b if b < 128 else b - 256}," for b in data[at:at + 24]))
        lines.append("};")
        rows.append(f'    {{{number}, "{name}", sql_{number}}},')
    lines += ["", "const struct db_migration db_migrations[] = {", *rows, "    {0, NULL, NULL},", "};", ""]
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


if __name__ == "__main__":
    main()
