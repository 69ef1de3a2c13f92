"""Judges a history against what is in the end: H1 to H8.

    findings = check(history.read(path), final)     # [] is what everybody hopes for

`final` is what final.py reads once everything is quiet and every operation has its answer:
    {"slots": {SLOT: {"capacity", "before", "open"}},            before: free places when the history began
     "known": [booking ids that were there before],
     "bookings": [{"id", "slot", "state", "message", "change_of", "resident"}],
     "waits": [{"id", "state", "slot", "resident"}],         and "barred": why she may not use the place, if it is free
     "offers": [{"id", "wait", "slot", "state", "resident"}],
     "left": {RESIDENT: units she had when the history began}}
A booking's message is the number of the operation that asked for it, so that each is known by who wanted it. Nobody changes a
booking within its slot: such a change borrows the old one's place, which a counter of places does not show."""
from collections import defaultdict, namedtuple

import linear
from history import FOREVER

Finding = namedtuple("Finding", "rule kind text")  # kind: lost, doubled, invariant, undecided

RANK = {"requested": 0, "confirmed": 1, "in-use": 2, "completed": 3}  # whatever else is an end
END = 9
MAKERS = ("book", "change")
ACTIVE = ("requested", "confirmed", "in-use", "completed", "no-show")


def rank(state):
    return RANK.get(state, END)


class Case:
    """The history and the end, by whatever is asked for them."""

    def __init__(self, ops, final):
        self.ops, self.final = ops, final
        self.by_number = {op.number: op for op in ops}
        self.bookings = {b["id"]: b for b in final["bookings"]}
        self.offers = {o["id"]: o for o in final["offers"]}
        self.waits = {w["id"]: w for w in final["waits"]}
        self.done = defaultdict(list)  # (act, target) -> operations that succeeded
        self.made = {}  # booking -> the operation whose answer named it
        self.wished = {}  # wish -> its operation
        self.findings = []
        for op in ops:
            if not op.ok:
                continue
            self.done[op.act, op.target].append(op)
            if op.act in MAKERS:
                self.made[op.value.get("id")] = op
            elif op.act == "take-offer":
                self.made[op.value.get("booking")] = op
            elif op.act == "wait":
                self.wished[op.value.get("id")] = op

    def find(self, rule, kind, text):
        self.findings.append(Finding(rule, kind, text))

    def changes_of(self, number):
        return [b for b in self.final["bookings"] if b.get("change_of") == number]

    def slot_of(self, booking):
        found = self.bookings.get(booking)
        return found and found["slot"]

    # ---- why a booking is in the state it is in ----

    def gave_way(self, number):
        """The answers to changes of it that took it away."""
        return [op for c in self.changes_of(number) for op in self.done["accept", c["id"]]]

    def went_along(self, number):
        """The cancellations of the booking it was to change."""
        old = self.bookings.get(number, {}).get("change_of")
        return self.done["cancel", old] if old and not self.done["cancel", number] else []

    def explained(self, number, state):
        if state == "cancelled":
            return self.done["cancel", number] or self.gave_way(number) or self.went_along(number)
        if state == "declined":
            return self.done["decline", number]
        if state == "confirmed":
            return self.done["accept", number]
        return state == "requested"


# ---- H1, H2: what was said and what is there ----

def check_present(case):
    """H1: whatever was acknowledged is there."""
    wanted = {"cancel": ("cancelled",), "decline": ("declined",), "accept": ("confirmed", "cancelled")}
    for op in case.ops:
        if not op.ok:
            continue
        if op.act in MAKERS or op.act == "take-offer":
            number = op.value.get("id" if op.act in MAKERS else "booking")
            found = case.bookings.get(number)
            if found is None or (op.slot and found["slot"] != op.slot):
                case.find("H1", "lost", f"acknowledged, and not there: {op}: {found}")
        elif op.act in wanted:
            found = case.bookings.get(op.target)
            if found is None or found["state"] not in wanted[op.act]:
                case.find("H1", "lost", f"acknowledged, and undone: {op}: {found}")
        elif op.act == "wait" and op.value.get("id") not in case.waits:
            case.find("H1", "lost", f"a wish acknowledged, and not there: {op}")
        if op.act in ("take-offer", "drop-offer"):
            state = case.offers.get(op.target, {}).get("state")
            if state != ("accepted" if op.act == "take-offer" else "declined"):
                case.find("H1", "lost", f"an offer answered, and still {state}: {op}")


def check_absent(case):
    """H2: nothing is there that was refused, or that nobody asked for; H3: nothing twice for one key."""
    known = set(case.final["known"])
    claimed = defaultdict(list)
    for booking in case.final["bookings"]:
        number, state = booking["id"], booking["state"]
        if number in known:
            continue
        tag = booking.get("message") or ""
        op = case.by_number.get(int(tag)) if tag.isdigit() else case.made.get(number)
        if op is None:
            case.find("H2", "invariant", f"nobody asked for it: {booking}")
        elif op.outcome == "fail":
            case.find("H2", "invariant", f"refused, and there: {op}: {booking}")
        else:
            claimed[op.number].append(number)
            if number not in case.made and op.ok:
                case.find("H3", "doubled", f"one key, and another booking than the answer's: {op}: {booking}")
        if number in case.made and not case.explained(number, state):
            kind = "lost" if rank(state) == END else "invariant"
            case.find("H1" if kind == "lost" else "H2", kind, f"{state}, and nobody did that: {booking}")
    for number, bookings in claimed.items():
        if len(bookings) > 1:
            case.find("H3", "doubled", f"one key, {len(bookings)} bookings: {case.by_number[number]}: {bookings}")
    for number in case.waits:
        if number not in case.wished:
            case.find("H2", "invariant", f"a wish that nobody was told of: {case.waits[number]}")
    for number, offer in case.offers.items():
        if offer["state"] == "accepted" and not case.done["take-offer", number]:
            case.find("H2", "invariant", f"an offer that nobody was told to have accepted: {offer}")


# ---- H3: unknown ends ----

def check_resolved(case):
    """H3: asked again under the same key, every operation gets its one answer."""
    for op in case.ops:
        if op.act.startswith("see-"):
            continue
        if op.outcome == "info":
            case.find("H3", "invariant", f"no answer after {op.attempts} attempts: {op}")
        elif len(op.sums) > 1:
            case.find("H3", "invariant", f"one key, different answers {sorted(op.sums, key=str)}: {op}")


# ---- H4, H5, H8: what is read ----

def told(op):
    """(booking, state) that an acknowledgement means; None if it is about no booking."""
    if op.act in MAKERS:
        return op.value.get("id"), "requested"
    if op.act == "take-offer":
        return op.value.get("booking"), "requested"
    if op.act in ("cancel", "accept", "decline"):
        return op.target, {"cancel": "cancelled", "accept": "confirmed", "decline": "declined"}[op.act]
    if op.act == "see-booking":
        return op.target, op.value.get("state")
    return None


def goes_back(before, after):
    """Whether a state seen later contradicts one known before."""
    return after is None or rank(after) < rank(before) or (rank(before) == END and after != before)


def check_reads(case):
    """Each reading of a booking against everything that was known of it before the reading began."""
    knowledge = defaultdict(list)
    for op in case.ops:
        if op.ok and told(op):
            number, state = told(op)
            knowledge[number].append((op, state))
    for number, facts in knowledge.items():
        for reading, seen in facts:
            if reading.act != "see-booking":
                continue
            for earlier, state in facts:
                if earlier.end < reading.begin and goes_back(state, seen):
                    same = earlier.session == reading.session
                    rule = ("H8" if earlier.act == "see-booking" else "H5") if same else "H4"
                    case.find(rule, "invariant", f"{number} was {state} by {earlier}, then {seen} by {reading}")
                    break


def holds(case):
    """slot -> [(the operation that took a place, when its giving back began)]"""
    found = defaultdict(list)
    for number, op in case.made.items():
        slot = case.slot_of(number)
        if slot:
            gone = case.done["cancel", number] + case.done["decline", number] + case.gave_way(number)
            gone += case.went_along(number)
            found[slot].append((op, min((g.begin for g in gone), default=FOREVER)))
    return found


def check_override(case):
    """H4: nobody gets a place that had been acknowledged to as many others as there are, before she asked."""
    for slot, held in holds(case).items():
        places = case.final["slots"].get(slot, {}).get("before")
        for op, _ in held:
            sure = [h for h, gone in held if h is not op and h.end < op.begin and gone > op.end]
            if places is not None and len(sure) >= places:
                case.find("H4", "doubled", f"{slot}: {places} places, {len(sure)} acknowledged before, and then {op}")


# ---- H6: one counter a slot ----

def offer_steps(case, steps):
    """Offers are made by the house itself: some time between the wish and the first sight of the offer."""
    at_once = {op.value.get("offer") for op in case.ops if op.ok and op.act == "wait"}
    seen = {}
    for op in case.ops:
        for number in op.value.get("offers", ()) if op.ok and op.act == "see-offers" else ():
            seen[number] = min(seen.get(number, FOREVER), op.end)
    for number, offer in case.offers.items():
        wish = case.wished.get(offer["wait"])
        begin = wish.begin if wish else 0
        if number not in at_once:
            steps[offer["slot"]].append(linear.Step("take", 0, begin, seen.get(number, FOREVER), True))
        if offer["state"] not in ("open", "accepted") and not case.done["drop-offer", number]:
            steps[offer["slot"]].append(linear.Step("give", 0, begin, FOREVER, True))


def give_back(case, op, steps):
    freed = []
    if op.act in ("cancel", "decline"):
        freed = [op.target]
        freed += [c["id"] for c in case.changes_of(op.target)
                  if op.act == "cancel" and c["state"] == "cancelled" and not case.done["cancel", c["id"]]]
    elif op.act == "accept":
        old = case.bookings.get(op.target, {}).get("change_of")
        if old and not case.done["cancel", old] and not case.done["decline", old]:
            freed = [old]
    elif op.act == "drop-offer" and op.target in case.offers:
        steps[case.offers[op.target]["slot"]].append(linear.Step("give", 0, op.begin, op.end, op.ok))
    for number in freed:
        if case.slot_of(number):
            steps[case.slot_of(number)].append(linear.Step("give", 0, op.begin, op.end, op.ok))


def slot_steps(case):
    """slot -> what happened to its counter."""
    steps = defaultdict(list)
    for op in case.ops:
        if op.act == "see-slots":
            for slot, free in op.value.get("slots", {}).items() if op.ok else ():
                steps[slot].append(linear.Step("see", free, op.begin, op.end, True))
        elif op.act in MAKERS and op.outcome == "fail":
            if op.value.get("code") == "full":
                steps[op.slot].append(linear.Step("full", 0, op.begin, op.end, True))
        elif op.act in MAKERS:
            steps[op.slot].append(linear.Step("take", 0, op.begin, op.end, op.ok))
        elif op.act == "wait" and op.ok and op.value.get("offer"):
            steps[op.slot].append(linear.Step("take", 0, op.begin, op.end, True))
        elif op.outcome != "fail":
            give_back(case, op, steps)
    offer_steps(case, steps)
    return steps


def check_counters(case):
    """H6 for each slot; that the last sight of all fits is half of H7: every place given back came back once."""
    steps = slot_steps(case)
    for slot, what in case.final["slots"].items():
        mine = steps[slot]
        for last, rule, text in ((False, "H6", "no order of its operations explains the answers"),
                                 (True, "H7", f"{what['open']} places free in the end, which no order explains")):
            end = [linear.Step("see", what["open"], FOREVER + 1, FOREVER + 2, True)] if last else []
            try:
                if not linear.linearizable(mine + end, what["before"]):
                    case.find(rule, "invariant", f"{slot}: {text}: {len(mine)} operations, {what}")
                    break
            except linear.Undecided:
                case.find(rule, "undecided", f"{slot}: {len(mine)} operations are too many to search")
                break
        live = [b for b in case.final["bookings"] if b["slot"] == slot and b["state"] in ACTIVE]
        live += [o for o in case.offers.values() if o["slot"] == slot and o["state"] == "open"]
        if len(live) > what["capacity"]:
            case.find("H6", "doubled", f"{slot}: {what['capacity']} places promised to {live}")


# ---- H7: a place given back is offered again, once ----

def check_offers(case):
    open_by_wish = defaultdict(list)
    for offer in case.offers.values():
        if offer["state"] == "open":
            open_by_wish[offer["wait"]].append(offer["id"])
    for wish, offers in open_by_wish.items():
        if len(offers) > 1:
            case.find("H7", "doubled", f"one wish, {len(offers)} offers open: {wish}: {offers}")
    asked = {offer["wait"] for offer in case.offers.values()}
    for wish in case.waits.values():
        slot = case.final["slots"].get(wish["slot"])
        if wish["state"] == "waiting" and slot and slot["open"] > 0 and wish["id"] not in asked and idle(case, wish):
            case.find("H7", "invariant", f"{slot['open']} places free, and she waits unasked: {wish}")


def idle(case, wish):
    """Nothing but the order of the list ever stood between her and the place: no rule bars her, no other booking that day, and
    units enough for all she did. (Who could not take a place when it was freed is asked later, by the clock.)"""
    hers = [b for b in case.final["bookings"] if b["resident"] == wish["resident"]]
    same_day = [b for b in hers if b["slot"].split()[1] == wish["slot"].split()[1]]
    return not wish.get("barred") and not same_day and len(hers) < case.final["left"].get(wish["resident"], 0)


def check(ops, final):
    case = Case(ops, final)
    for part in (check_present, check_absent, check_resolved, check_reads, check_override, check_counters, check_offers):
        part(case)
    return case.findings
