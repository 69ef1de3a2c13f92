"""The checker on histories made by hand: for each rule good ones, in which it finds nothing, and bad ones, each of which it finds
by the rule's name. Prints TAP."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import checker  # noqa: E402  pylint: disable=wrong-import-position
import history  # noqa: E402  pylint: disable=wrong-import-position

S, T = "F1 2026-06-10", "F1 2026-06-11"


class Story:
    """A history as it is written, and an end. Times are small numbers."""

    def __init__(self, places=1, free=0):
        self.lines, self.count = [], 0
        self.slots = {S: {"capacity": places, "before": places, "open": free},
                      T: {"capacity": 1, "before": 1, "open": 1}}
        self.bookings, self.waits, self.offers, self.left = [], [], [], {"m1": 7, "m2": 7}

    def op(self, act, begin, end, outcome="ok", session="a", slot=None, target=None, told="x", **value):
        self.count += 1
        self.lines.append({"type": "invoke", "op": self.count, "try": 0, "at": begin, "session": session, "act": act,
                           "slot": slot, "target": target})
        self.answer(self.count, end, outcome, told, **value)
        return self.count

    def answer(self, number, end, outcome="ok", told="x", status=None, **value):
        """One more answer to an operation."""
        status = status or {"ok": 200, "fail": 409, "info": 0}[outcome]
        self.lines.append({"type": outcome, "op": number, "try": 0, "at": end, "status": status, "sum": told, "value": value})

    def there(self, number, state="requested", slot=S, message=None, change_of=None, resident="m1"):
        self.bookings.append({"id": number, "slot": slot, "state": state, "message": None if message is None else str(message),
                              "change_of": change_of, "resident": resident})

    def book(self, number, begin, end, state="requested", slot=S, session="a"):
        """Booked, acknowledged, and there in the end as `state`."""
        op = self.op("book", begin, end, slot=slot, session=session, id=number, state="requested")
        self.there(number, state, slot, op)
        return op

    def wish(self, number, begin, end, state="waiting", resident="m2", slot=S, offer=None):
        self.op("wait", begin, end, session="w", slot=slot, id=number, state="waiting", **({"offer": offer} if offer else {}))
        self.waits.append({"id": number, "state": state, "slot": slot, "resident": resident})

    def offer(self, number, wait, state, resident="m2", slot=S):
        self.offers.append({"id": number, "wait": wait, "slot": slot, "state": state, "resident": resident})

    def findings(self):
        final = {"slots": self.slots, "known": ["old"], "bookings": self.bookings, "waits": self.waits, "offers": self.offers,
                 "left": self.left}
        return checker.check(history.read_lines(self.lines), final)


CASES = []


def case(rule=None, **how):
    """What the story is to be found guilty of: None, or a rule."""
    def add(tell):
        story = Story(**how)
        tell(story)
        CASES.append((rule, tell.__name__, story))
        return tell
    return add


# ---- H1 ----

@case()
def booked_and_there(s):
    s.book("b1", 1, 2)


@case(free=1)
def booked_cancelled_and_gone(s):
    s.book("b1", 1, 2, "cancelled")
    s.op("cancel", 3, 4, target="b1", state="cancelled")


@case("H1", free=1)
def booked_and_nowhere(s):
    s.op("book", 1, 2, slot=S, id="b1", state="requested")


@case("H1", free=1)
def booked_and_cancelled_by_nobody(s):
    s.book("b1", 1, 2, "cancelled")


@case("H1", free=1)
def booked_and_declined_by_nobody(s):
    s.book("b1", 1, 2, "declined")


@case("H1")
def cancelled_and_still_there(s):
    s.book("b1", 1, 2, "requested")
    s.op("cancel", 3, 4, target="b1", state="cancelled")


@case("H1")
def accepted_and_forgotten(s):
    s.book("b1", 1, 2, "requested")
    s.op("accept", 3, 4, session="f", target="b1", state="confirmed")


@case("H1")
def a_wish_is_lost(s):
    s.book("b1", 1, 2)
    s.op("wait", 3, 4, slot=S, id="w1", state="waiting")


@case("H1", free=1)
def booked_elsewhere_than_asked(s):
    op = s.op("book", 1, 2, slot=S, id="b1", state="requested")
    s.there("b1", slot=T, message=op)


# ---- H2 ----

@case()
def refused_and_not_there(s):
    s.book("b1", 1, 2)
    s.op("book", 3, 4, "fail", slot=S, session="b", code="full")


@case(places=2, free=1)
def what_was_there_before_needs_no_reason(s):
    s.there("old")
    s.slots[S]["before"] = 1


@case("H2", places=2)
def refused_and_there(s):
    s.book("b1", 1, 2)
    op = s.op("book", 3, 4, "fail", slot=S, session="b", code="overlap")
    s.there("b2", message=op)


@case("H2")
def there_and_asked_for_by_nobody(s):
    s.there("b9")


@case("H2")
def confirmed_by_nobody(s):
    s.book("b1", 1, 2, "confirmed")


@case("H2")
def a_wish_made_by_nobody(s):
    s.book("b1", 1, 2)
    s.waits.append({"id": "w9", "state": "waiting", "slot": None, "resident": "m2"})


@case("H2")
def an_offer_accepted_by_nobody(s):
    s.book("b1", 1, 2, "cancelled")
    s.wish("w1", 3, 4, "booked")
    s.op("cancel", 5, 6, target="b1", state="cancelled")
    s.offer("o1", "w1", "accepted")


# ---- H3 ----

@case()
def unknown_then_resolved_by_the_key(s):
    op = s.op("book", 1, 5, "info", slot=S)
    s.answer(op, 8, id="b1", state="requested")
    s.there("b1", message=op)


@case()
def sent_twice_and_answered_alike(s):
    op = s.book("b1", 1, 2)
    s.answer(op, 3, id="b1", state="requested")


@case("H3", free=1)
def unknown_for_ever(s):
    s.op("book", 1, 5, "info", slot=S)


@case("H3", places=2)
def one_key_two_bookings(s):
    op = s.book("b1", 1, 2)
    s.there("b2", message=op)


@case("H3")
def one_key_two_answers(s):
    op = s.book("b1", 1, 2)
    s.answer(op, 3, told="y", id="b1", state="confirmed")


@case("H3")
def one_key_yes_and_no(s):
    op = s.book("b1", 1, 2)
    s.answer(op, 3, "fail", code="full")


# ---- H4 ----

@case(places=1)
def the_place_goes_on_after_it_was_given_back(s):
    s.book("b1", 1, 2, "cancelled")
    s.op("cancel", 3, 4, target="b1", state="cancelled")
    s.book("b2", 5, 6, session="b")


@case(places=1)
def the_place_goes_on_while_it_is_given_back(s):
    s.book("b1", 1, 2, "cancelled")
    s.op("cancel", 3, 9, target="b1", state="cancelled")
    s.book("b2", 5, 6, session="b")


@case("H4", places=1)
def acknowledged_and_given_to_another(s):
    s.book("b1", 1, 2)
    s.book("b2", 3, 4, session="b")


@case("H4", places=1)
def given_to_another_before_it_was_given_back(s):
    s.book("b1", 1, 2, "cancelled")
    s.book("b2", 3, 4, session="b")
    s.op("cancel", 5, 6, target="b1", state="cancelled")


@case("H4")
def another_sees_what_is_over(s):
    s.book("b1", 1, 2, "confirmed")
    s.op("accept", 3, 4, session="f", target="b1", state="confirmed")
    s.op("see-booking", 5, 6, session="b", target="b1", state="requested")


# ---- H5 ----

@case(free=1)
def she_reads_what_she_wrote(s):
    s.book("b1", 1, 2, "cancelled")
    s.op("see-booking", 3, 4, target="b1", state="requested")
    s.op("cancel", 5, 6, target="b1", state="cancelled")
    s.op("see-booking", 7, 8, target="b1", state="cancelled")


@case("H5")
def her_booking_is_not_found(s):
    s.book("b1", 1, 2)
    s.op("see-booking", 3, 4, target="b1", state=None)


@case("H5", free=1)
def her_cancellation_is_not_seen(s):
    s.book("b1", 1, 2, "cancelled")
    s.op("cancel", 5, 6, target="b1", state="cancelled")
    s.op("see-booking", 7, 8, target="b1", state="requested")


# ---- H6 ----

@case()
def two_at_once_one_wins(s):
    s.book("b1", 1, 6)
    s.op("book", 2, 5, "fail", slot=S, session="b", code="full")
    s.op("see-slots", 7, 8, session="r", slots={S: 0})


@case()
def a_look_between_is_either(s):
    s.op("see-slots", 1, 4, session="r", slots={S: 1})
    s.book("b1", 2, 6)
    s.op("see-slots", 3, 4, session="q", slots={S: 0})


@case()
def refused_while_another_was_still_unknown(s):
    op = s.op("book", 1, 5, "info", slot=S)
    s.op("book", 6, 7, "fail", slot=S, session="b", code="full")
    s.answer(op, 9, id="b1", state="requested")
    s.there("b1", message=op)


@case(free=1)
def a_change_moves_on(s):
    s.book("b1", 1, 2, "cancelled")
    op = s.op("change", 3, 4, slot=T, target="b1", id="b2", state="requested")
    s.there("b2", "confirmed", T, op, "b1")
    s.op("accept", 5, 6, session="f", target="b2", state="confirmed")
    s.slots[T]["open"] = 0


@case(free=1)
def an_undecided_change_goes_with_its_booking(s):
    s.book("b1", 1, 2, "cancelled")
    op = s.op("change", 3, 4, slot=T, target="b1", id="b2", state="requested")
    s.there("b2", "cancelled", T, op, "b1")
    s.op("cancel", 5, 6, target="b1", state="cancelled")


@case("H6", free=1)
def full_and_it_was_not(s):
    s.op("book", 1, 2, "fail", slot=S, session="b", code="full")


@case("H6")
def too_many_at_once(s):
    s.book("b1", 1, 6)
    s.book("b2", 2, 5, session="b")


@case("H6")
def an_old_page_of_vacancies(s):
    s.book("b1", 1, 2)
    s.op("see-slots", 3, 4, session="r", slots={S: 1})


@case("H6", places=2, free=1)
def looks_that_go_back(s):
    s.op("see-slots", 1, 2, session="r", slots={S: 1})
    s.book("b1", 1, 9)
    s.op("see-slots", 3, 4, session="q", slots={S: 2})


# ---- H7 ----

@case()
def given_back_and_offered_once(s):
    s.book("b1", 1, 2, "cancelled")
    s.wish("w1", 3, 4, "offered")
    s.op("cancel", 5, 6, target="b1", state="cancelled")
    s.offer("o1", "w1", "open")
    s.op("see-offers", 7, 8, session="w", offers=["o1"])


@case()
def declined_and_offered_to_the_next(s):
    s.book("b1", 1, 2, "cancelled")
    s.wish("w1", 3, 4, "waiting")
    s.wish("w2", 5, 6, "booked", resident="m1")
    s.op("cancel", 7, 8, target="b1", state="cancelled")
    s.op("drop-offer", 9, 10, session="w", target="o1", state="declined")
    s.offer("o1", "w1", "declined")
    s.op("take-offer", 11, 12, session="w", target="o2", state="accepted", booking="b2")
    s.offer("o2", "w2", "accepted", "m1")
    s.there("b2")


@case(free=1)
def she_could_not_take_it_when_it_was_freed(s):
    s.book("b1", 1, 2, "cancelled")
    s.wish("w1", 3, 4)
    s.op("cancel", 5, 6, target="b1", state="cancelled")
    op = s.op("book", 3, 4, session="w", slot="F2 2026-06-10", id="b2", state="requested")
    s.there("b2", slot="F2 2026-06-10", message=op, resident="m2")


@case(free=1)
def she_is_elsewhere_that_day(s):
    s.book("b1", 1, 2, "cancelled")
    s.wish("w1", 3, 4)
    s.waits[-1]["barred"] = ["overlap"]
    s.op("cancel", 5, 6, target="b1", state="cancelled")


@case("H7")
def given_back_and_never_free_again(s):
    s.book("b1", 1, 2, "cancelled")
    s.op("cancel", 3, 4, target="b1", state="cancelled")


@case("H7", free=2)
def given_back_twice(s):
    s.book("b1", 1, 2, "cancelled")
    s.op("cancel", 3, 4, target="b1", state="cancelled")


@case("H7", free=1)
def given_back_and_she_is_not_asked(s):
    s.book("b1", 1, 2, "cancelled")
    s.wish("w1", 3, 4)
    s.op("cancel", 5, 6, target="b1", state="cancelled")


@case("H7", places=2)
def one_wish_two_offers(s):
    s.book("b1", 1, 2, "cancelled")
    s.book("b2", 1, 2, "cancelled", session="b")
    s.wish("w1", 3, 4, "offered")
    s.op("cancel", 5, 6, target="b1", state="cancelled")
    s.op("cancel", 5, 6, session="b", target="b2", state="cancelled")
    s.offer("o1", "w1", "open")
    s.offer("o2", "w1", "open")


@case("H7")
def offered_and_free_for_all(s):
    s.book("b1", 1, 2, "cancelled")
    s.wish("w1", 3, 4, "offered")
    s.op("cancel", 5, 6, target="b1", state="cancelled")
    s.offer("o1", "w1", "open")
    s.slots[S]["open"] = 1


# ---- H8 ----

@case()
def her_readings_go_forward(s):
    s.book("b1", 1, 2, "confirmed")
    s.op("see-booking", 3, 4, target="b1", state="requested")
    s.op("accept", 5, 9, session="f", target="b1", state="confirmed")
    s.op("see-booking", 6, 7, target="b1", state="confirmed")
    s.op("see-booking", 10, 11, target="b1", state="confirmed")


@case("H8")
def her_readings_go_back(s):
    s.book("b1", 1, 2, "confirmed")
    s.op("accept", 3, 9, session="f", target="b1", state="confirmed")
    s.op("see-booking", 4, 5, target="b1", state="confirmed")
    s.op("see-booking", 6, 7, target="b1", state="requested")


@case("H8", free=1)
def an_end_is_an_end(s):
    s.book("b1", 1, 2, "cancelled")
    s.op("cancel", 3, 9, session="b", target="b1", state="cancelled")
    s.op("see-booking", 4, 5, target="b1", state="declined")
    s.op("see-booking", 6, 7, target="b1", state="cancelled")


def main():
    print(f"1..{len(CASES)}")
    failed = 0
    for number, (rule, name, story) in enumerate(CASES, 1):
        findings = story.findings()
        good = not findings if rule is None else rule in {f.rule for f in findings}
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {rule or 'nothing'} is found in: {name}")
        for finding in () if good else findings:
            print(f"# {finding.rule} {finding.kind}: {finding.text}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
