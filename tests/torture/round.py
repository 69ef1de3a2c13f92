"""One round: people at work, one fault, everything quiet again, and judgement."""
import json
import pathlib
import random
import time

import checker
import history
from clients import Crowd
from desk import House
from fault import CannotHere
from final import Stage, residents_of, rounds_of

CALM_S = 0.25


class Result:
    def __init__(self, fault, seed):
        self.fault, self.seed = fault.name, seed
        self.faults = self.acknowledged = self.operations = 0
        self.skipped = None
        self.findings = []
        self.took = 0.0

    def count(self, kind):
        return sum(f.kind == kind for f in self.findings)


def blame(result, rule, sentences):
    result.findings += [checker.Finding(rule, "invariant", text) for text in sentences]


def injure(world, fault, chance, result):
    house = world.house
    house.must_read, house.must_answer = fault.reads, fault.answers
    house.illness = fault.ill or house.illness
    try:
        result.faults = fault.run(world, chance)
    except CannotHere as why:
        result.skipped = str(why)
    finally:
        house.must_read = house.must_answer = False
        house.illness = 0.12


def work(world, fault, chance, stage, log, result):
    """The load, the fault in it, and until every operation has its answer."""
    world.house = house = House(world.servers(), log)
    world.crowd = crowd = Crowd(house, residents_of(world.site.accounts), stage.staff, stage.places, chance.random(),
                                fault.pause, fault.phones)
    crowd.start()
    try:
        time.sleep(CALM_S)
        injure(world, fault, chance, result)
        if not result.skipped:
            world.wait_progress()
    finally:
        crowd.stop()
    blame(result, "behaviour", world.site.ended())
    crowd.resolve()
    result.acknowledged = house.acknowledged


def settle(world, chance):
    """A restart, hard or soft; what was acknowledged must survive it as well."""
    if chance.random() < 0.5:
        world.site.kill()
    else:
        world.site.stop()
    world.start()


def judge(world, fault, stage, path, result):
    ops = history.read(path)
    result.operations = len(ops)
    final = stage.final(ops)
    pathlib.Path(path).with_suffix(".final.json").write_text(json.dumps(final, ensure_ascii=False, indent=1), "utf-8")
    result.findings += checker.check(ops, final)
    blame(result, "behaviour", world.house.faults)
    blame(result, "verify", world.verify())
    blame(result, "behaviour", fault.after(world))


def play(world, fault, seed):
    """A Result; a fault that needs a city of its own gets one."""
    began = time.monotonic()
    if fault.own_site or fault.disk_mb:
        world = world.beside(fault.disk_mb)
        try:
            result = play_in(world, fault, seed)
        finally:
            world.close()
    else:
        if world.site is None or world.rounds >= rounds_of(world.site.accounts):
            world.fresh()
        result = play_in(world, fault, seed)
    result.took = time.monotonic() - began
    return result


def play_in(world, fault, seed):
    """The log stays in world.folder when something was found."""
    result, chance = Result(fault, seed), random.Random(seed)
    stage = Stage(("127.0.0.1", world.site.port), world.site.accounts, world.site.today, world.rounds,
                  world.earlier)
    world.rounds += 1
    stage.set(chance)
    path = pathlib.Path(world.folder, f"{world.engine}-{fault.name}-{seed}.jsonl")
    log = history.History(path)
    work(world, fault, chance, stage, log, result)
    log.close()
    settle(world, chance)
    judge(world, fault, stage, path, result)
    world.earlier |= stage.clear()
    if result.findings:
        path.with_suffix(".server.log").write_text(world.site.said(), "utf-8")
    else:
        path.unlink()
        path.with_suffix(".final.json").unlink()
    return result
