"""Is there an order of one slot's operations, within the times at which they ran, that a counter of free places could have
answered? (Wing and Gong's search, with Lowe's memory of what was tried.)

A step is (kind, figure, begin, end, sure): `take` needs a free place and uses it, `give` brings one back, `full` saw
none, `see` saw exactly `figure`. One whose end nobody knows (sure is False) may have happened or not.

Two things keep the search short, and lose nothing: a step that only looks is put as soon as it fits, because it changes
nothing for the others; and among steps of one kind the one that ended first goes first, because exchanging the two is
always possible."""
from collections import namedtuple

Step = namedtuple("Step", "kind figure begin end sure")
TRIES_MAX = 200000


class Undecided(Exception):
    """The search was too long; neither yes nor no."""


def fits(step, free):
    if step.kind == "full":
        return free == 0
    if step.kind == "see":
        return free == step.figure
    return step.kind == "give" or free > 0


def window(steps, done):
    """The open steps that nothing open forbids to come next, by index; steps are sorted by their beginning."""
    first_end, found = None, []
    for i in range((~done & (done + 1)).bit_length() - 1, len(steps)):
        step = steps[i]
        if done >> i & 1:
            continue
        if first_end is not None and step.begin > first_end:
            break
        found.append(i)
        if step.sure and (first_end is None or step.end < first_end):
            first_end = step.end
    if first_end is None:
        return None  # nothing that must happen is left
    return [i for i in found if steps[i].begin <= first_end]


def look(steps, done, free):
    """Puts every look that fits now; returns the new `done`, and what may come next (None: it is over)."""
    while True:
        may = window(steps, done)
        fit = [i for i in may or () if steps[i].kind in ("full", "see") and fits(steps[i], free)]
        if not fit:
            return done, may
        for i in fit:
            done |= 1 << i


def moves(steps, may, free):
    """The next take and the next give that may come first."""
    for kind in ("take", "give"):
        fit = [i for i in may if steps[i].kind == kind and fits(steps[i], free)]
        if fit:
            yield min(fit, key=lambda i: steps[i].end)


def linearizable(steps, free):
    """True or False; `free` places at the beginning."""
    steps = sorted(steps, key=lambda s: (s.begin, s.end))
    seen = set()
    todo = [(0, free)]
    tries = 0
    while todo:
        done, now = todo.pop()
        done, may = look(steps, done, now)
        if may is None:
            return True
        if (done, now) in seen:
            continue
        seen.add((done, now))
        tries += 1
        if tries > TRIES_MAX:
            raise Undecided
        for i in moves(steps, may, now):
            todo.append((done | 1 << i, now + (1 if steps[i].kind == "give" else -1)))
    return False
