"""Which fault comes next, so that a given time is enough: what no longer fits is left out and named.

The most important fault of an engine comes first, then the other quick ones, beginning elsewhere with each seed, so that
short runs come round to all of them; then those that take long; then all again in drawn orders. A round is expected to
take what its fault says (`takes`), times how much slower this machine has been so far."""
import random

FIRST = ("kill-9", "failover")  # what is asked about before anything else: the server dies, the database dies
BEGIN_S = {"sqlite": 1.5, "postgresql": 3.0, "cluster": 9.0}  # until the first round can be played
END_S = 0.5     # between rounds
MARGIN = 1.3    # rounds differ


def turned(faults, by):
    by = by % len(faults) if faults else 0
    return faults[by:] + faults[:by]


def first_order(faults, seed):
    """Every fault once."""
    first = [f for f in faults if f.name in FIRST]
    quick = [f for f in faults if f.cheap and f not in first]
    return first + turned(quick, seed) + turned([f for f in faults if not f.cheap and f not in first], seed)


class Plan:
    """`once`: every quick fault once, whatever time that takes."""

    def __init__(self, engine, faults, seed, once=False):
        self.engine, self.faults, self.seed, self.once = engine, faults, seed, once
        self.chance = random.Random(f"{seed} {engine}")
        self.waiting = [f for f in first_order(faults, seed) if f.cheap or not once]
        self.slower = 1.0
        self.played = {}   # fault's name -> rounds
        self.dropped = set()  # names: impossible here

    def expected(self, fault):
        begin = 0 if self.played else BEGIN_S[self.engine]
        return (fault.takes * MARGIN + begin) * self.slower

    def next(self, left):
        """(fault, seed of its round) that fits into `left` seconds; None when none does."""
        found = self.fitting(left)
        if not found and not self.once:  # each that fits was played: again, in another order
            self.waiting += self.chance.sample(self.faults, len(self.faults))
            found = self.fitting(left)
        return self.take(found[0]) if found else None

    def fitting(self, left):
        self.waiting = [f for f in self.waiting if f.name not in self.dropped]
        return [f for f in self.waiting if self.once or self.expected(f) <= left - END_S]

    def take(self, fault):
        self.waiting.remove(fault)
        number = self.played[fault.name] = self.played.get(fault.name, 0) + 1
        return fault, random.Random(f"{self.seed} {self.engine} {fault.name} {number}").randrange(1 << 32)

    def learn(self, fault, seconds):
        """A round of it took so long."""
        expected = fault.takes + (BEGIN_S[self.engine] if sum(self.played.values()) == 1 else 0)
        self.slower = max(1.0, (self.slower + seconds / expected) / 2, 0.8 * seconds / expected)

    def drop(self, fault):
        self.dropped.add(fault.name)

    def left_out(self):
        """Names of what was never played, though it is possible here."""
        return [f.name for f in self.faults if f.name not in self.played]
