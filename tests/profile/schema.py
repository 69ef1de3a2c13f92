#!/usr/bin/env python3
"""schema.py PROGRAM [--short]: the shipped JSON Schema and the program's reader agree on what a profile is.

Every profile here is accepted by both. Then every place of them is broken in every way of a table: what the schema refuses,
the reader must refuse; what the schema accepts, the reader may refuse only for what a schema cannot say (rows that do not
exist, rows twice, order of versions, …). Also: every key of the schema is used by some profile and told in the reference."""
import contextlib
import copy
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema

PROGRAM = sys.argv[1]
ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "cities/profile.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
PROFILES = sorted(p for p in [*(ROOT / "cities").glob("*.json"), *(ROOT / "tests/golden").glob("**/*.json")]
                  if p.name != "profile.schema.json")
BROKEN = sorted((ROOT / "tests/golden/trial").glob("*.json")) + [ROOT / "cities/hirakata.json"]
WRONG = [None, True, -1, 7, 1.5, 10**9, "", "x y", "some-code", "25:00", "2026-02-30", [], {}, [7, "x"]]
# Sentences about what stands elsewhere in the file, or is no matter of form.
BEYOND = re.compile(r"にありません|二度書かれて|早い順に|定めがありません。$|「part」の元|終わりの日が|この版の定めは使えません|"
                    r"実在する日付|時刻を 09:00 の形|件ありますが|終わりの時刻は|「out_of」をこえ|1日のうちの利用|バイトまで")


def places(node, path=()):
    yield path, node
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in items:
        yield from places(child, (*path, key))


class Unchanged:
    """A document that is changed in one place at a time and judged each time. What a whole row was found good for is not asked
    again while nothing in the row changes: that is nearly all of it."""

    def __init__(self, document):
        self.document, self.good, self.touched, self.learning = document, set(), set(), True
        keywords = {"$ref": self.ref}
        self.validator = jsonschema.validators.extend(jsonschema.Draft202012Validator, keywords)(SCHEMA)
        assert self.is_valid()
        self.learning = False

    def is_valid(self):
        return self.validator.is_valid(self.document)

    def ref(self, validator, ref, instance, schema):
        known = (ref, id(instance))
        if known in self.good and id(instance) not in self.touched:
            return
        faults = list(jsonschema.Draft202012Validator.VALIDATORS["$ref"](validator, ref, instance, schema))
        if self.learning and not faults and isinstance(instance, (dict, list)):
            self.good.add(known)
        yield from faults

    @contextlib.contextmanager
    def with_change(self, path, change):
        at = self.document
        self.touched = {id(at)}
        for key in path[:-1]:
            at = at[key]
            self.touched.add(id(at))
        before = copy.copy(at)
        change(at, path[-1])
        try:
            yield
        finally:
            at.clear()
            at.extend(before) if isinstance(at, list) else at.update(before)


def set_to(value):
    return lambda at, key: at.__setitem__(key, value)


def remove(at, key):
    del at[key]


def variants(document):
    """(what is done, where, how) for every place."""
    for path, node in list(places(document)):
        where = "/" + "/".join(map(str, path))
        if isinstance(node, dict):
            yield where + " +unknown", (*path, "no_such_key"), set_to(1)
        if not path:
            continue
        if isinstance(path[-1], str):
            yield where + " removed", path, remove
        for value in WRONG:
            if value != node or isinstance(value, bool) != isinstance(node, bool):
                yield f"{where} = {json.dumps(value)}", path, set_to(value)


def told(files):
    """{file: [sentences]} of the faults that the program tells; no entry for those it accepts."""
    faults = {}
    for begin in range(0, len(files), 400):
        out = subprocess.run([PROGRAM, "check-profile", *files[begin:begin + 400]], stdout=subprocess.PIPE, text=True,
                             check=False).stdout
        for line in out.splitlines():
            name, pointer, sentence = line.split(": ", 2) if line.count(": ") > 1 else (*line.split(": ", 1), "")
            if not pointer.startswith("ok"):
                faults.setdefault(name, []).append((pointer, sentence))
    return faults


def accepted():
    faults = told([str(p) for p in PROFILES])
    wrong = [f"# {p.name}: schema: {e.json_path} {e.message[:120]}"
             for p in PROFILES for e in VALIDATOR.iter_errors(json.loads(p.read_text()))]
    wrong += [f"# {name}: reader: {rows[0]}" for name, rows in faults.items()]
    return wrong


def agree(path):
    document = json.loads(path.read_text())
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        rows, unchanged = [], Unchanged(document)
        for number, (what, where, change) in enumerate(variants(document)):
            file = pathlib.Path(folder) / f"{number}.json"
            with unchanged.with_change(where, change):
                file.write_text(json.dumps(document, ensure_ascii=False))
                rows.append((what, str(file), unchanged.is_valid()))
        faults = told([row[1] for row in rows])
        for what, file, valid in rows:
            found = faults.get(file)
            if not valid and not found:
                wrong.append(f"# {path.name} {what}: the schema refuses, the reader accepts")
            if valid and found and not any(BEYOND.search(sentence) for _, sentence in found):
                wrong.append(f"# {path.name} {what}: the schema accepts, the reader says {found[0]}")
    return wrong


def keys_of_schema(node):
    if isinstance(node, dict):
        for key, value in node.get("properties", {}).items() if isinstance(node.get("properties"), dict) else ():
            yield key
        for value in node.values():
            yield from keys_of_schema(value)
    elif isinstance(node, list):
        for value in node:
            yield from keys_of_schema(value)


def complete():
    reference = (ROOT / "docs/profile.md").read_text()
    used = {key for p in PROFILES for path, _ in places(json.loads(p.read_text())) for key in path}
    keys = set(keys_of_schema(SCHEMA))
    return ([f"# {key}: used by no profile" for key in sorted(keys - used)] +
            [f"# {key}: not in docs/profile.md" for key in sorted(keys)
             if not re.search(rf"(?<![a-z_]){key}(?![a-z_])", reference)])


def tutorial():
    """The profile that the reference writes step by step gives the amount that it promises."""
    text = (ROOT / "docs/profile.md").read_text()
    blocks = [json.loads(b) for b in re.findall(r"```json\n(\{.*?\n\})\n```", text, re.DOTALL)]
    profile = next(b for b in blocks if b.get("code") == "midori")
    case = {"today": "2026-04-01", "class": "taxed", "children": [{"birth_date": "2026-03-01"}],
            "request": {"care": "stay", "start": "2026-04-10", "end": "2026-04-11"}}
    with tempfile.TemporaryDirectory() as folder:
        files = [pathlib.Path(folder) / name for name in ("midori.json", "case.json")]
        for file, document in zip(files, (profile, case)):
            file.write_text(json.dumps(document))
        wrong = [f"# {fault}" for fault in told([str(files[0])]).values()]
        out = subprocess.run([PROGRAM, "quote", *map(str, files)], stdout=subprocess.PIPE, text=True, check=False).stdout
    answer = json.loads(out or "{}")
    left = {pool["pool"]: pool["left_after"] for pool in answer.get("pools", [])}
    if not answer.get("allowed") or answer["fee"]["total"] != 1000 or left != {"main": 5, "stay": 3}:
        wrong.append(f"# {out}")
    return wrong + [f"# {e.json_path} {e.message}" for e in VALIDATOR.iter_errors(profile)]


def main():
    tests = [("schema is a schema", lambda: jsonschema.Draft202012Validator.check_schema(SCHEMA) or []),
             ("every profile is accepted", accepted), ("every key is used and told", complete),
             ("the tutorial gives what it promises", tutorial)]
    tests += [(f"agree on {path.name}", lambda path=path: agree(path)) for path in (BROKEN[:1] if "--short" in sys.argv else BROKEN)]
    print(f"1..{len(tests)}")
    failed = 0
    for number, (name, test) in enumerate(tests, 1):
        wrong = test()
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {name}")
        print("\n".join(wrong[:40]), end="\n" if wrong else "")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
