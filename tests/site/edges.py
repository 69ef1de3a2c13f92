"""What an unfriendly reader of the contract would try: boundaries of time, of lists, of names, of signing in."""
import base64
import datetime
import hashlib
import hmac
import struct
import time

from blackbox import NOW, START_SECONDS, expect, main
from people import application, approve, ask, book, booking, capacity, day, facility_of, fresh, left, newcomer, offers, opening

TODAY = NOW[:10]


def later(instant, seconds):
    return (datetime.datetime.fromisoformat(instant) + datetime.timedelta(seconds=seconds)).isoformat()


def code_at(secret, seconds):
    """RFC 6238, as an authenticator app does it."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(seconds) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 10**6:06d}"


def sign_in(site, who, **more):
    return site.api("POST", "/session", {"login": who["login"], "password": who["password"], **more})


def an_app_of_the_machine_s_time_signs_in_to_a_demo_of_another_time(site):
    staff = site.account("auditor")
    expect(sign_in(site, staff), 401, "otp-needed")
    expect(sign_in(site, staff, otp=code_at(staff["otp_secret"], time.time())), 200)
    started = datetime.datetime.fromisoformat(NOW).timestamp()
    answer = sign_in(site, staff, otp=code_at(staff["otp_secret"], started + 25))
    assert answer.status in (200, 401), answer  # the demo's own clock: how far it has run is not ours to know


def a_slip_of_the_finger_costs_no_pause_but_guessing_does(site):
    who = site.account("resident", state="submitted")
    for _ in range(3):
        expect(sign_in(site, dict(who, password="not the password")), 401, "sign-in-wrong")
    expect(sign_in(site, who), 200)
    known, unknown = (tries_until_a_pause(site, {"login": login, "password": "not the password"})
                      for login in (who["login"], "nobody@demo.example.jp"))
    assert known.body == unknown.body and int(known.headers["Retry-After"]) >= 1, (known, unknown)


def tries_until_a_pause(site, wrong):
    """Pauses double, so that however slow the machine is one try comes too early before long."""
    for number in range(20):
        answer = sign_in(site, wrong)
        if answer.status == 429:
            assert number > 3
            return expect(answer, 429, "wait")
        expect(answer, 401, "sign-in-wrong")
    raise AssertionError("twenty tries and no pause")


def every_list_has_pages(site):
    everything = expect(site.api("GET", "/facilities"), 200).json["facilities"]
    found, after = [], ""
    while True:
        page = expect(site.api("GET", f"/facilities?limit=4{after}"), 200).json
        found += page["facilities"]
        if "next" not in page:
            break
        after = f"&after={page['next']}"
    assert len(everything) == 11 and found == everything
    city = site.account("coordinator")
    newest = expect(site.api("GET", "/bookings?limit=200", who=city), 200).json["bookings"]
    paged, after = [], ""
    while True:
        page = expect(site.api("GET", f"/bookings?limit=3{after}", who=city), 200).json
        paged += page["bookings"]
        if "next" not in page:
            break
        after = f"&after={page['next']}"
    assert paged == newest


def nobody_is_shown_who_takes_no_infant_of_that_age(site):
    for query, some in (("month_age=3", True), ("care=stay&month_age=3", True), ("month_age=4", False),
                        ("care=day&month_age=5", False)):
        assert bool(expect(site.api("GET", "/facilities?" + query), 200).json["facilities"]) == some, query


def a_day_off_is_not_called_full(site):
    who, facility = fresh(site, 0), facility_of(site)
    capacity(site, facility, "day", day(TODAY, 30), day(TODAY, 30), 0)
    wish = ask(facility, "day", day(TODAY, 30), day(TODAY, 30))
    quote = expect(site.post("/quotes", wish, who), 200).json
    assert [r["code"] for r in quote["refusals"]] == ["closed"], quote
    refused = expect(site.post("/bookings", wish, who), 409, "closed").json
    assert "wait" not in refused


def a_day_care_may_follow_on_the_day_a_stay_ends(site):
    who, facility, other = fresh(site, 0), facility_of(site, 2), facility_of(site, 3)
    for one in (facility, other):
        for care in ("stay", "day"):
            capacity(site, one, care, day(TODAY, 20), day(TODAY, 25), 2)
    stay = book(site, who, facility, "stay", day(TODAY, 20), day(TODAY, 22))
    for care, start, end in (("day", 20, 20), ("day", 21, 21), ("stay", 21, 23), ("stay", 19, 21)):
        refused = expect(site.post("/bookings", ask(other, care, day(TODAY, start), day(TODAY, end)), who), 409, "overlap")
        assert refused.json["figures"] == {"start": day(TODAY, 20), "end": day(TODAY, 22)}
    after = book(site, who, other, "day", day(TODAY, 22), day(TODAY, 22))
    for made in (stay, after):
        expect(site.post(f"/bookings/{made['id']}/cancel", {"reason": ""}, who), 200)


def a_full_house_lets_its_own_guest_move_by_a_day(site):
    who, other, facility = fresh(site, 0), fresh(site, 1), facility_of(site, 4)
    capacity(site, facility, "stay", day(TODAY, 20), day(TODAY, 30), 1)
    old = book(site, who, facility, "stay", day(TODAY, 20), day(TODAY, 24))
    expect(site.post(f"/bookings/{old['id']}/accept", {}, facility), 200)
    new = expect(site.post(f"/bookings/{old['id']}/change", ask(facility, "stay", day(TODAY, 21), day(TODAY, 28)), who),
                 201).json
    for start in (20, 27):
        expect(site.post("/bookings", ask(facility, "stay", day(TODAY, start), day(TODAY, start + 1)), other), 409, "full")
    expect(site.post(f"/bookings/{new['id']}/cancel", {"reason": ""}, who), 200)
    assert booking(site, who, old["id"])["state"] == "confirmed" and left(site, who) == 3
    assert opening(site, facility, "stay", day(TODAY, 27))["open"] == 1
    expect(site.post(f"/bookings/{old['id']}/cancel", {"reason": ""}, who), 200)
    assert left(site, who) == 7


def a_shortfall_is_shown_until_it_is_settled(site):
    who, facility = fresh(site, 0), facility_of(site, 5)
    first, last = day(TODAY, 20), day(TODAY, 21)
    capacity(site, facility, "stay", first, last, 1)
    made = book(site, who, facility, "stay", first, day(TODAY, 22))
    path = f"/facilities/{facility['facility']}/capacity?care=stay&from={first}&to={last}"
    assert capacity(site, facility, "stay", first, last, 0)["shortfalls"] == [made["id"]]
    assert booking(site, who, made["id"])["state"] == "requested"
    days = expect(site.api("GET", path, who=facility), 200).json["days"]
    assert [(d["capacity"], d["taken"], d["open"], d["shortfall"]) for d in days] == [(0, 1, 0, 1)] * 2, days
    expect(site.api("GET", path, who=site.account("coordinator")), 200)
    expect(site.api("GET", path, who=facility_of(site, 6)), 404)
    expect(site.api("GET", path), 401)
    expect(site.post(f"/bookings/{made['id']}/decline", {"reason": "閉めるため。"}, facility), 200)
    days = expect(site.api("GET", path, who=facility), 200).json["days"]
    assert [d["shortfall"] for d in days] == [0, 0], days


def a_stay_without_a_number_of_nights_is_wished_for_as_a_whole(site):
    holder, who, facility = fresh(site, 0), fresh(site, 1), facility_of(site, 7)
    start, end = day(TODAY, 20), day(TODAY, 22)
    capacity(site, facility, "stay", start, end, 1)
    held = book(site, holder, facility, "stay", start, end)
    wish = {"facilities": [facility["facility"]], "care": "stay", "from": start, "to": end, "nights": 0, "mode": "ask",
            "notice_hours": 0}
    expect(site.post("/waits", wish, who), 201)
    expect(site.post("/waits", dict(wish, to=start), who), 422, "dates")
    expect(site.post(f"/bookings/{held['id']}/cancel", {"reason": ""}, holder), 200)
    assert [(o["start"], o["end"]) for o in offers(site, who)] == [(start, end)]
    got = expect(site.api("GET", "/offers?state=open", who=who), 200).json["offers"]
    assert len(got) == 1 and not expect(site.api("GET", "/offers?state=declined", who=who), 200).json["offers"]
    expect(site.post(f"/offers/{got[0]['id']}/decline", {}, who), 200)


def names_come_back_as_they_were_written(site):
    who = newcomer(site, "kanji", day(TODAY, -20))
    name, hostile = "髙橋 \ufa19\U00020bb7\U000e0101子", "\"><script>alert('&amp;')</script>"
    form = application(site, day(TODAY, -20))
    expect(site.post(f"/registrations/{who['registration']}/return", {"reason": hostile}, site.account("coordinator")), 200)
    form["mother"]["name"], form["note"] = name, hostile
    made = expect(site.post("/registrations", form, who), 201).json
    seen = expect(site.api("GET", f"/registrations/{made['id']}", who=site.account("coordinator")), 200).json
    assert seen["mother"]["name"] == name and seen["note"] == hostile, seen


def an_offer_is_over_at_its_very_second(site):
    facility, start = facility_of(site, 8), day(TODAY, 40)
    capacity(site, facility, "day", start, start, 1)
    holder, second, third = (fresh(site, n) for n in range(3))
    held = book(site, holder, facility, "day", start, start)
    wish = {"facilities": [facility["facility"]], "care": "day", "from": start, "to": start, "nights": 0, "mode": "ask",
            "notice_hours": 0}
    for person in (second, third):
        expect(site.post("/waits", wish, person), 201)
    expect(site.post(f"/bookings/{held['id']}/cancel", {"reason": ""}, holder), 200)
    offer = [o for o in offers(site, second) if o["start"] == start][0]
    site.restart(offer["expires_at"])
    expect(site.post(f"/offers/{offer['id']}/accept", {}, second), 409, "state")
    until = time.monotonic() + START_SECONDS
    while not offers(site, third) and time.monotonic() < until:
        time.sleep(0.1)
    taken = offers(site, third)[0]
    site.restart(later(taken["expires_at"], -START_SECONDS))
    expect(site.post(f"/offers/{taken['id']}/accept", {}, third), 200)


def one_birth_is_granted_once(site):
    who = newcomer(site, "nidome", day(TODAY, -20))
    approve(site, who)
    refused = expect(site.post("/registrations", application(site, day(TODAY, -20)), who), 409, "state").json
    assert refused["figures"]["state"] == "approved" and left(site, who) == 7, refused
    city = site.account("coordinator")
    other = newcomer(site, "betsu", day(TODAY, -20))
    path = f"/registrations/{other['registration']}/approve"
    answer = expect(site.post(path, {"household_class": "taxed", "extra_units": {"nothing": 1}}, city), 422)
    assert answer.json["errors"][0]["pointer"] == "/extra_units", answer
    address = other["login"].capitalize()  # as telephones write it
    expect(site.api("POST", "/session", {"login": address, "password": "とても長い合言葉です2026"}), 200)


def what_the_city_reads_is_written_down(site):
    who, city = fresh(site, 0), site.account("coordinator")
    person = expect(site.api("GET", "/me", who=who), 200).json["id"]
    wish = dict(ask(facility_of(site), "day", day(TODAY, 12), day(TODAY, 12)), resident=person)
    expect(site.post("/quotes", wish, city), 200)
    newest = expect(site.api("GET", "/audit?limit=1", who=site.account("auditor")), 200).json["entries"][0]
    assert newest["action"] == "quote.view" and newest["role"] == "coordinator", newest


def it_all_adds_up(site):
    site.verify()


if __name__ == "__main__":
    main([an_app_of_the_machine_s_time_signs_in_to_a_demo_of_another_time,
          a_slip_of_the_finger_costs_no_pause_but_guessing_does, every_list_has_pages,
          nobody_is_shown_who_takes_no_infant_of_that_age, a_day_off_is_not_called_full,
          a_day_care_may_follow_on_the_day_a_stay_ends, a_full_house_lets_its_own_guest_move_by_a_day,
          a_shortfall_is_shown_until_it_is_settled, a_stay_without_a_number_of_nights_is_wished_for_as_a_whole,
          names_come_back_as_they_were_written, one_birth_is_granted_once, what_the_city_reads_is_written_down,
          an_offer_is_over_at_its_very_second, it_all_adds_up])
