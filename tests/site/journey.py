"""The whole job over HTTP, in the order in which it happens: registration, approval, vacancies, price, booking to the
last day, answer, change, cancellation, waiting list, use, figures."""
import re
import time

from blackbox import NOW, START_SECONDS, expect, main
from people import (application, approve, ask, book, booking, capacity, day, facility_of, fresh, left, me, newcomer, offers,
                    opening)

TODAY = NOW[:10]
BORN = day(TODAY, -20)
HISTORY = {"stay": [178, 179, 146, 192, 257, 456, 665], "day": [77, 60, 65, 147, 322, 289, 499]}
kept = {}


def fee_of(made):
    return made["fee"]["total"] if isinstance(made["fee"], dict) else made["fee"]


def accounts_are_as_promised(site):
    roles = [a["role"] for a in site.accounts]
    assert {"coordinator", "city_admin", "auditor", "facility", "resident"} == set(roles)
    facilities = {a["facility"] for a in site.accounts if a["role"] == "facility"}
    assert len(facilities) == 11
    states = [a["state"] for a in site.accounts if a["role"] == "resident"]
    assert len(states) == 20
    assert set(states) == {"unregistered", "submitted", "returned", "approved", "exempt", "twins", "used_up"}
    assert states.count("approved") >= 6 and states.count("unregistered") >= 2 and states.count("exempt") >= 2
    for account in site.accounts:
        assert {"role", "login", "password", "token", "name"} <= set(account)
        assert account["role"] in ("resident",) or account["otp_secret"]


def statistics_equal_the_city_s_own_table(site):
    admin = site.account("city_admin")
    rows = expect(site.api("GET", "/statistics/usage?from_fy=2019&to_fy=2025", who=admin), 200).json["rows"]
    for care, uses in HISTORY.items():
        for number, count in enumerate(uses):
            found = [r for r in rows if r["care"] == care and r["fiscal_year"] == 2019 + number]
            assert len(found) == 1 and found[0]["era"] == f"R{number + 1}" and found[0]["uses"] == count, found
    expect(site.api("GET", "/statistics/usage?from_fy=2019&to_fy=2025", who=fresh(site, 0)), 403)
    expect(site.api("GET", "/statistics/usage?from_fy=2019&to_fy=2025"), 401)


def a_stranger_registers_and_is_approved(site):
    who = newcomer(site, "hanako", BORN)
    queue = expect(site.api("GET", "/registrations?state=submitted", who=site.account("coordinator")), 200).json
    ids = [r["id"] for r in queue["registrations"]]
    assert ids[-1] == who["registration"], "the queue is oldest first"
    assert me(site, who)["pools"] == [] or left(site, who) == 0
    refused = expect(site.post("/bookings", ask(facility_of(site), "stay", day(TODAY, 5), day(TODAY, 6)), who), 409,
                     "not-approved")
    assert refused.json["detail"]
    approve(site, who)
    assert left(site, who) == 7
    kept["who"] = who


def a_known_address_gets_the_same_answer(site):
    body = {"email": "hanako@example.jp", "password": "とても長い合言葉です2026", "name": "だれか"}
    known = expect(site.api("POST", "/accounts", body), 202)
    unknown = expect(site.api("POST", "/accounts", dict(body, email="unknown@example.jp")), 202)
    assert known.body == unknown.body
    wrong = expect(site.api("POST", "/session", {"login": "hanako@example.jp", "password": "x" * 20}), 401)
    nobody = expect(site.api("POST", "/session", {"login": "nobody@example.jp", "password": "x" * 20}), 401)
    assert wrong.json["code"] == nobody.json["code"]


def an_application_is_returned_and_sent_again(site):
    who = newcomer(site, "modoshi", BORN)
    coordinator = site.account("coordinator")
    expect(site.post(f"/registrations/{who['registration']}/return", {"reason": "住所をご確認ください。"}, coordinator), 200)
    again = expect(site.post("/registrations", application(site, BORN), who), 201).json
    assert again["state"] == "submitted"
    who["registration"] = again["id"]
    expect(site.post(f"/registrations/{who['registration']}/reject", {"reason": "対象の期間を過ぎています。"}, coordinator),
           200)
    expect(site.post("/bookings", ask(facility_of(site), "stay", day(TODAY, 5), day(TODAY, 6)), who), 409, "not-approved")


def vacancies_need_no_login(site):
    answer = expect(site.api("GET", f"/vacancies?care=stay&from={day(TODAY, 1)}&to={day(TODAY, 14)}"), 200).json
    assert answer["as_of"] and len({r["facility"] for r in answer["days"]}) >= 5
    for row in answer["days"]:
        assert row["mark"] in ("open", "few", "full", "closed") and 0 <= row["open"] <= row["capacity"]
    facilities = expect(site.api("GET", "/facilities?care=stay"), 200).json["facilities"]
    one = expect(site.api("GET", f"/facilities/{facilities[0]['id']}"), 200).json
    assert one["name"] == facilities[0]["name"]


def the_price_is_explained_line_by_line(site):
    facility = facility_of(site)
    capacity(site, facility, "stay", TODAY, day(TODAY, 60), 3)
    capacity(site, facility, "day", TODAY, day(TODAY, 60), 3)
    quote = expect(site.post("/quotes", ask(facility, "stay", day(TODAY, 10), day(TODAY, 13)), kept["who"]), 200).json
    assert quote["allowed"] and quote["units"] == 3 and quote["fee"]["total"] == 9300, quote
    assert sum(line["amount"] for line in quote["fee"]["lines"]) == 9300
    assert quote["fee"]["lines"][0]["units"] == 3 and quote["fee"]["lines"][0]["each"] == 3100
    assert quote["pools"][0]["left_before"] == 7 and quote["pools"][0]["left_after"] == 4
    exempt = site.account("resident", state="exempt")
    quote = expect(site.post("/quotes", ask(facility, "stay", day(TODAY, 10), day(TODAY, 11)), exempt), 200).json
    assert quote["fee"]["total"] == 600 and quote["units"] == 1
    quote = expect(site.post("/quotes", ask(facility, "day", day(TODAY, 10), day(TODAY, 10)), exempt), 200).json
    assert quote["fee"]["total"] == 0 and quote["units"] == 1


def booked_to_the_seventh_day_and_the_eighth_refused(site):
    who, facility = kept["who"], facility_of(site)
    before = opening(site, facility, "stay", day(TODAY, 10))["open"]
    first = book(site, who, facility, "stay", day(TODAY, 10), day(TODAY, 13))
    assert first["state"] == "requested" and first["units"] == 3 and fee_of(first) == 9300
    assert first["answer_by"]
    assert opening(site, facility, "stay", day(TODAY, 10))["open"] == before - 1
    book(site, who, facility, "stay", day(TODAY, 15), day(TODAY, 18))
    book(site, who, facility, "day", day(TODAY, 20), day(TODAY, 20))
    assert left(site, who) == 0
    refused = expect(site.post("/bookings", ask(facility, "day", day(TODAY, 25), day(TODAY, 25)), who), 409, "quota").json
    assert refused["figures"]["left"] == 0 and refused["figures"]["needed"] == 1, refused
    assert "0" in refused["detail"] and "1" in refused["detail"]
    kept["booking"] = first["id"]


def the_facility_accepts_and_declines(site):
    who, facility = kept["who"], facility_of(site)
    other = facility_of(site, 1)
    number = kept["booking"]
    expect(site.post(f"/bookings/{number}/accept", {}, other), 404)
    expect(site.post(f"/bookings/{number}/accept", {}, who), 403)
    expect(site.post(f"/bookings/{number}/decline", {}, facility), 422)
    expect(site.post(f"/bookings/{number}/accept", {}, facility), 200)
    assert booking(site, who, number)["state"] == "confirmed"
    expect(site.post(f"/bookings/{number}/accept", {}, facility), 409, "state")
    declined = fresh(site, 0)
    made = book(site, declined, facility, "day", day(TODAY, 12), day(TODAY, 12))
    places = opening(site, facility, "day", day(TODAY, 12))["open"]
    expect(site.post(f"/bookings/{made['id']}/decline", {"reason": "お産が重なりました。"}, facility), 200)
    assert booking(site, declined, made["id"])["state"] == "declined"
    assert left(site, declined) == 7 and opening(site, facility, "day", day(TODAY, 12))["open"] == places + 1


def nobody_sees_what_is_not_theirs(site):
    number, facility, other = kept["booking"], facility_of(site), facility_of(site, 1)
    stranger = fresh(site, 0)
    expect(site.api("GET", f"/bookings/{number}", who=stranger), 404)
    expect(site.api("GET", f"/bookings/{number}", who=other), 404)
    expect(site.api("GET", f"/bookings/{number}"), 401)
    expect(site.post(f"/bookings/{number}/cancel", {"reason": ""}, stranger), 404)
    mine = expect(site.api("GET", "/bookings?limit=200", who=other), 200).json["bookings"]
    assert number not in [b["id"] for b in mine]
    theirs = expect(site.api("GET", "/bookings?limit=200", who=facility), 200).json["bookings"]
    assert number in [b["id"] for b in theirs]
    assert all(b["facility"] == facility["facility"] for b in theirs)
    text = expect(site.api("GET", "/bookings?limit=200", who=other), 200).body.decode()
    assert "試験 花子" not in text
    expect(site.api("PUT", f"/facilities/{facility['facility']}/capacity",
                    {"care": "stay", "from": TODAY, "to": TODAY, "capacity": 9}, other), 404)


def a_change_keeps_the_old_place_until_the_new_one_is_certain(site):
    who, facility = kept["who"], facility_of(site)
    number = kept["booking"]
    changed = expect(site.post(f"/bookings/{number}/change", ask(facility, "stay", day(TODAY, 11), day(TODAY, 14)), who),
                     201).json
    assert changed["state"] == "requested"
    assert booking(site, who, number)["state"] == "confirmed"
    expect(site.post(f"/bookings/{changed['id']}/accept", {}, facility), 200)
    assert booking(site, who, number)["state"] == "cancelled"
    assert booking(site, who, changed["id"])["state"] == "confirmed"
    assert left(site, who) == 0
    again = expect(site.post(f"/bookings/{changed['id']}/change", ask(facility, "stay", day(TODAY, 12), day(TODAY, 15)),
                             who), 201).json
    expect(site.post(f"/bookings/{again['id']}/decline", {"reason": "満室のため。"}, facility), 200)
    assert booking(site, who, changed["id"])["state"] == "confirmed"
    kept["booking"] = changed["id"]


def a_cancellation_gives_the_days_back(site):
    who = kept["who"]
    cost = expect(site.post(f"/bookings/{kept['booking']}/cancel", {"reason": "体調のため"}, who), 200).json
    assert cost["fee"] == 0 and cost["units_charged"] == 0, cost
    assert left(site, who) == 3
    expect(site.post(f"/bookings/{kept['booking']}/cancel", {"reason": ""}, who), 409, "state")


def full_names_the_wish_and_a_freed_place_moves_on(site):
    facility, start = facility_of(site), day(TODAY, 40)
    capacity(site, facility, "day", start, start, 1)
    holder, second, third = (fresh(site, n) for n in range(3))
    held = book(site, holder, facility, "day", start, start)
    full = expect(site.post("/bookings", ask(facility, "day", start, start), second), 409, "full").json
    assert full["wait"], full
    wish = {"facilities": [facility["facility"]], "care": "day", "from": start, "to": start, "nights": 0, "mode": "ask",
            "notice_hours": 0}
    assert expect(site.post("/waits", wish, second), 201).json["state"] == "waiting"
    expect(site.post("/waits", wish, third), 201)
    expect(site.post(f"/bookings/{held['id']}/cancel", {"reason": ""}, holder), 200)
    offer = offers(site, second)[0]
    assert offer["expires_at"] and not offers(site, third)
    assert opening(site, facility, "day", start)["open"] == 0, "an offered place is held"
    expect(site.post(f"/offers/{offer['id']}/accept", {}, third), 404)
    expect(site.post(f"/offers/{offer['id']}/decline", {}, second), 200)
    taken = offers(site, third)[0]
    accepted = expect(site.post(f"/offers/{taken['id']}/accept", {}, third), 200).json
    assert accepted["state"] == "accepted"
    made = booking(site, third, accepted["booking"])
    assert made["state"] in ("requested", "confirmed") and made["start"] == start
    assert opening(site, facility, "day", start)["open"] == 0
    expect(site.post(f"/offers/{taken['id']}/accept", {}, third), 409, "state")


def the_place_itself_if_she_asked_for_it(site):
    facility, start = facility_of(site), day(TODAY, 41)
    capacity(site, facility, "stay", start, day(start, 1), 1)
    holder, waiting = fresh(site, 0), fresh(site, 1)
    held = book(site, holder, facility, "stay", start, day(start, 2))
    wish = {"facilities": "any", "care": "stay", "from": start, "to": day(start, 2), "nights": 2, "mode": "auto",
            "notice_hours": 0}
    for other in [a for a in site.accounts if a["role"] == "facility" and a is not facility]:
        answer = site.api("PUT", f"/facilities/{other['facility']}/capacity",
                          {"care": "stay", "from": start, "to": day(start, 1), "capacity": 0}, other)
        assert answer.status in (200, 409, 422), answer
    made = expect(site.post("/waits", wish, waiting), 201).json
    if made["state"] == "waiting":
        expect(site.post(f"/bookings/{held['id']}/cancel", {"reason": ""}, holder), 200)
    mine = expect(site.api("GET", "/bookings", who=waiting), 200).json["bookings"]
    assert any(b["start"] == start and b["end"] == day(start, 2) and b["state"] in ("requested", "confirmed") for b in mine)
    kept["promoted"] = waiting


def an_offer_expires_by_the_clock_and_moves_on(site):
    facility, start = facility_of(site), day(TODAY, 50)
    capacity(site, facility, "day", start, start, 1)
    holder, second, third = (fresh(site, n) for n in range(3))
    held = book(site, holder, facility, "day", start, start)
    wish = {"facilities": [facility["facility"]], "care": "day", "from": start, "to": start, "nights": 0, "mode": "ask",
            "notice_hours": 0}
    for person in (second, third):
        expect(site.post("/waits", wish, person), 201)
    expect(site.post(f"/bookings/{held['id']}/cancel", {"reason": ""}, holder), 200)
    assert offers(site, second)
    site.restart(day(TODAY, 1) + "T12:00:00+09:00")
    until = time.monotonic() + START_SECONDS
    while not offers(site, third) and time.monotonic() < until:
        time.sleep(0.1)
    assert offers(site, second, "expired") and not offers(site, second)
    assert offers(site, third)


def a_request_nobody_answers_lapses(site):
    bookings = expect(site.api("GET", "/bookings?limit=200", who=site.account("coordinator")), 200).json["bookings"]
    overdue = [b for b in bookings if b["state"] == "requested" and b["answer_by"] < day(TODAY, 1) + "T11:00"]
    assert not overdue, overdue


def checked_in_completed_and_counted(site):
    who, facility = fresh(site, 0), facility_of(site)
    start = day(TODAY, 45)
    made = book(site, who, facility, "day", start, start)
    expect(site.post(f"/bookings/{made['id']}/accept", {}, facility), 200)
    expect(site.post(f"/bookings/{made['id']}/check-in", {}, facility), 409, "state")
    admin = site.account("city_admin")
    site.restart(start + "T10:30:00+09:00")
    path = "/statistics/usage?from_fy=2026&to_fy=2026"
    before = [r["uses"] for r in expect(site.api("GET", path, who=admin), 200).json["rows"] if r["care"] == "day"][0]
    expect(site.post(f"/bookings/{made['id']}/check-in", {}, facility), 200)
    expect(site.post(f"/bookings/{made['id']}/complete", {"report": "授乳の様子を見守った。"}, facility), 200)
    after = [r["uses"] for r in expect(site.api("GET", path, who=admin), 200).json["rows"] if r["care"] == "day"][0]
    assert after == before + 1
    assert me(site, who)["pools"][0]["used"] == 1
    claims = expect(site.api("GET", f"/claims?month={start[:7]}", who=facility), 200).json
    assert made["id"] in re.findall(r"[0-9A-Z]{13}", str(claims))


def a_no_show_is_recorded(site):
    facility = facility_of(site)
    who = fresh(site, 0)
    start = day(TODAY, 47)
    made = book(site, who, facility, "day", start, start)
    expect(site.post(f"/bookings/{made['id']}/accept", {}, facility), 200)
    site.restart(day(start, 1) + "T10:30:00+09:00")
    expect(site.post(f"/bookings/{made['id']}/no-show", {}, facility), 200)
    assert booking(site, who, made["id"])["state"] == "no-show"


def everything_was_written_down(site):
    entries = expect(site.api("GET", "/audit?limit=200", who=site.account("auditor")), 200).json["entries"]
    assert any(e["action"].startswith("booking.") for e in entries)
    expect(site.api("GET", "/audit", who=facility_of(site)), 403)
    assert "試験 花子" not in str(entries)


def no_invariant_is_broken(site):
    said = site.verify()
    assert "I1" in said and "I20" in said, said


if __name__ == "__main__":
    main([accounts_are_as_promised, statistics_equal_the_city_s_own_table, a_stranger_registers_and_is_approved,
          a_known_address_gets_the_same_answer, an_application_is_returned_and_sent_again, vacancies_need_no_login,
          the_price_is_explained_line_by_line, booked_to_the_seventh_day_and_the_eighth_refused,
          the_facility_accepts_and_declines, nobody_sees_what_is_not_theirs,
          a_change_keeps_the_old_place_until_the_new_one_is_certain, a_cancellation_gives_the_days_back,
          full_names_the_wish_and_a_freed_place_moves_on, the_place_itself_if_she_asked_for_it,
          an_offer_expires_by_the_clock_and_moves_on, a_request_nobody_answers_lapses, checked_in_completed_and_counted,
          a_no_show_is_recorded, everything_was_written_down, no_invariant_is_broken])
