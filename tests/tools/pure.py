#!/usr/bin/env python3
"""pure.py BUILD: the rules stay pure, seen from the linker.

`core` may call memory and string functions and `base`, and may not make an arena of its own: it only fills the one
it was handed. `base` does no input or output, asks no clock and no random source; only base/arena.c allocates."""
import pathlib
import subprocess
import sys

BUILD = pathlib.Path(sys.argv[1])
# What the compiler inserts, and the functions of <string.h> that only look at or move bytes.
MEMORY_AND_STRINGS = {
    "memchr", "memcmp", "bcmp", "memcpy", "memmove", "memset", "memrchr", "memmem", "strlen", "strnlen", "strcmp",
    "strncmp", "strchr", "strrchr", "strstr", "__memcpy_chk", "__memmove_chk", "__memset_chk", "__stack_chk_fail",
    "__assert_fail", "_GLOBAL_OFFSET_TABLE_",
}
ALLOCATION = {"calloc", "malloc", "realloc", "free", "abort"}  # base/arena.c
FORMATTING = {"vsnprintf", "__vsnprintf_chk", "snprintf", "__snprintf_chk"}  # base/text.c, buf.c, num.c
ARENA_LIFE = {"arena_init", "arena_clear", "arena_release"}


def symbols(archive, which):
    """{object file: names} of an archive; which is 'undefined' or 'defined'."""
    listing = subprocess.run(["nm", "-A", "--format=posix", f"--{which}-only", archive], check=True,
                             stdout=subprocess.PIPE, text=True).stdout
    found = {}
    for line in listing.splitlines():
        where, name = line.split()[:2]
        found.setdefault(pathlib.Path(where.partition("[")[2].partition("]")[0]).name, set()).add(name)
    return found


def mutable(archive):
    """Object files with variables that can change; constants with addresses in them lie in .data.rel.ro."""
    listing = subprocess.run(["size", "-A", archive], check=True, stdout=subprocess.PIPE, text=True).stdout
    member = ""
    for line in listing.splitlines():
        words = line.split()
        if "(ex" in line:
            member = pathlib.Path(words[0]).name
        elif words and words[0].startswith((".data", ".bss", ".tdata", ".tbss")) and ".rel.ro" not in words[0]:
            if int(words[1]) > 0:
                yield f"{archive.name}: {member} has {words[1]} bytes of variables ({words[0]})"


def check_base(archive):
    own = set().union(*symbols(archive, "defined").values())
    for member, names in symbols(archive, "undefined").items():
        allowed = own | MEMORY_AND_STRINGS
        if member.startswith("arena."):
            allowed |= ALLOCATION
        if member.startswith(("text.", "buf.", "num.")):
            allowed |= FORMATTING
        yield from (f"base/{member} calls {name}" for name in sorted(names - allowed))


def check_core(archive, base):
    own = set().union(*symbols(archive, "defined").values())
    allowed = own | MEMORY_AND_STRINGS | (set().union(*symbols(base, "defined").values()) - ARENA_LIFE)
    for member, names in symbols(archive, "undefined").items():
        yield from (f"core/{member} calls {name}" for name in sorted(names - allowed))


def report(number, title, faults):
    print("not ok" if faults else "ok", number, "-", title)
    print(*(f"# {fault}" for fault in faults), sep="\n", end="\n" if faults else "")


def main():
    base, core = (BUILD / "src" / floor / f"lib{floor}.a" for floor in ("base", "core"))
    archives = [archive for archive in (base, core) if archive.exists()]
    print("1..4")
    report(1, "base asks the world for nothing", list(check_base(base)))
    report(2, "core calls memory, strings and base alone", list(check_core(core, base)) if core in archives else [])
    report(3, "neither keeps a variable between calls", [fault for one in archives for fault in mutable(one)])
    # The check itself must be able to fail: the sys floor does read the clock.
    report(4, "a floor that asks the world is noticed",
           [] if list(check_core(BUILD / "src" / "sys" / "libsys.a", base)) else ["sys looks pure"])


main()
