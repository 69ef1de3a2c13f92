"""Plans, played on a clock made by hand: the time is kept, the most important fault comes first, short runs come round to all;
and an engine's report has its figures even if nothing was played. Prints TAP."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import play  # noqa: E402  pylint: disable=wrong-import-position
from plan import BEGIN_S, FIRST, Plan  # noqa: E402  pylint: disable=wrong-import-position
from tally import Tally  # noqa: E402  pylint: disable=wrong-import-position

PROMISED = {"faults", "acknowledged", "lost", "doubled", "invariant_failures"}


def played(engine, seed, seconds, slower=1.0, once=False):
    """(names in the order they were played, when it was over) on a machine so much slower than ours."""
    plan, now, names = Plan(engine, play.faults_of(engine), seed, once), 0.0, []
    while True:
        chosen = plan.next(seconds - now)
        if chosen is None:
            return names, now
        fault = chosen[0]
        took = (fault.takes + (0 if names else BEGIN_S[engine])) * slower
        names.append(fault.name)
        now += took
        plan.learn(fault, took)


def time_is_kept(engine):
    """On a machine like ours always; on a slower one the first round teaches how slow it is."""
    return all(played(engine, seed, seconds)[1] <= seconds for seed in range(30) for seconds in (5, 15, 30, 60, 300)) and \
        all(played(engine, seed, seconds, 4)[1] <= seconds for seed in range(30) for seconds in (60, 300))


def the_first_comes_first(engine):
    return all(played(engine, seed, 30)[0][0] in FIRST for seed in range(30))


def long_runs_play_all(engine):
    return {f.name for f in play.faults_of(engine)} == set(played(engine, 1, 600)[0])


def short_runs_come_round(engine):
    seen = {name for seed in range(20) for name in played(engine, seed, 30)[0]}
    return {f.name for f in play.faults_of(engine) if f.cheap} <= seen


def a_seed_repeats_the_plan(engine):
    one, two = (Plan(engine, play.faults_of(engine), 7) for _ in range(2))
    return [one.next(100) for _ in range(40)] == [two.next(100) for _ in range(40)]


def once_is_each_quick_one(engine):
    return sorted(played(engine, 3, 0, once=True)[0]) == sorted(f.name for f in play.faults_of(engine) if f.cheap)


def what_was_not_played_is_named(engine):
    plan = Plan(engine, play.faults_of(engine), 1)
    chosen = plan.next(60)[0].name
    return set(plan.left_out()) == {f.name for f in play.faults_of(engine)} - {chosen}


def an_empty_report_has_its_figures(engine):
    return all(Tally(engine).report()[name] == 0 for name in PROMISED)


def a_finding_is_counted(engine):
    tally = Tally(engine)
    kinds = ("lost", "doubled", "invariant")
    tally.add({"fault": "kill-9", "faults": 3, "acknowledged": 5, "skipped": None, "findings": [{"kind": k} for k in kinds]})
    report = tally.report()
    return tally.bad() and [report[name] for name in sorted(PROMISED)] == [5, 1, 3, 1, 1]


CASES = (time_is_kept, the_first_comes_first, long_runs_play_all, short_runs_come_round, a_seed_repeats_the_plan,
         once_is_each_quick_one, what_was_not_played_is_named, an_empty_report_has_its_figures, a_finding_is_counted)


def main():
    number = failed = 0
    for engine in BEGIN_S:
        for case in CASES:
            number += 1
            good = case(engine)
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} - {engine}: {case.__name__.replace('_', ' ')}")
    print(f"1..{number}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
