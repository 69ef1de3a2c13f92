"""What must be refused: a table of ill-formed requests, each with the status it gets; the server is none the worse."""
import uuid

from blackbox import NOW, START_SECONDS, expect, main
from people import ask, day, facility_of, fresh, left

TODAY = NOW[:10]
UNKNOWN = "1ZZZZZZZZZZZZ"


def the_body_is_not_what_it_should_be(site):
    who, facility = fresh(site, 0), facility_of(site)
    good = ask(facility, "day", day(TODAY, 5), day(TODAY, 5))
    cases = [
        ({"not": "json"}, b"{", 400), (None, b"", 400), (None, b"[]", 400), (None, b"null", 400), (None, b"\xff\xfe", 400),
        (None, b'{"care":"\xed\xa0\x80"}', 400), (None, b'{"care":"day","care":"day"}', 400),
        (None, b"[" * 5000, 400), (None, b'{"start":' + b"9" * 400 + b"}", 400),
        (dict(good, extra=1), None, 400), (dict(good, start="2026-02-30"), None, 422), (dict(good, start=20260605), None, 422),
        (dict(good, start=""), None, 422), (dict(good, care=None), None, 422), (dict(good, care={}), None, 422),
        (dict(good, facility="../etc/passwd"), None, 422), (dict(good, message="x" * 100000), None, 413),
        ({k: v for k, v in good.items() if k != "end"}, None, 422),
    ]
    for body, raw, status in cases:
        answer = site.api("POST", "/bookings", raw if raw is not None else body, who, key=uuid.uuid4().hex)
        # 400 and 422 are one family: the request is the fault; what matters is that nothing else comes.
        wanted = (400, 422, 413) if status in (400, 422, 413) else (status,)
        assert answer.status in wanted, (body, raw and raw[:40], answer)
        expect(answer, answer.status)
    for wrong in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", ""):
        answer = site.api("POST", "/bookings", good, who, key=uuid.uuid4().hex, headers={"Content-Type": wrong})
        assert answer.status == 415, (wrong, answer)
    assert left(site, who) == 7


def faults_are_named_by_their_place(site):
    who, facility = fresh(site, 0), facility_of(site)
    answer = site.post("/bookings", dict(ask(facility, "day", day(TODAY, 5), day(TODAY, 5)), start="2026-02-30"), who)
    assert "/start" in [e["pointer"] for e in answer.json["errors"]], answer
    answer = site.post("/bookings", dict(ask(facility, "day", day(TODAY, 5), day(TODAY, 5)), extra=1), who)
    assert "/extra" in [e["pointer"] for e in answer.json["errors"]], answer


def the_rules_refuse_with_figures(site):
    who, facility = fresh(site, 0), facility_of(site)
    cases = [
        (("stay", day(TODAY, 5), day(TODAY, 5)), None), (("stay", day(TODAY, 6), day(TODAY, 5)), None),
        (("day", day(TODAY, 5), day(TODAY, 6)), None), (("day", day(TODAY, -1), day(TODAY, -1)), None),
        (("day", "2199-01-01", "2199-01-01"), None), (("stay", day(TODAY, 1), day(TODAY, 400)), None),
        (("bath", day(TODAY, 5), day(TODAY, 5)), None), (("day", day(TODAY, 300), day(TODAY, 300)), None),
    ]
    for (care, start, end), code in cases:
        answer = site.post("/bookings", ask(facility, care, start, end), who)
        assert 400 <= answer.status < 500, (care, start, end, answer)
        assert expect(answer, answer.status, code).json["detail"]
        quote = site.post("/quotes", ask(facility, care, start, end), who)
        if quote.status == 200:
            assert not quote.json["allowed"] and quote.json["refusals"] and quote.json["refusals"][0]["detail"]
    assert left(site, who) == 7


def unknown_things_are_not_found(site):
    who, facility, coordinator = fresh(site, 0), facility_of(site), site.account("coordinator")
    for number in (UNKNOWN, "1", "x" * 300, "%00", "..%2f..%2fetc"):
        for method, path, person in (("GET", "/bookings/{}", who), ("GET", "/facilities/{}", None),
                                     ("GET", "/registrations/{}", coordinator)):
            answer = site.api(method, path.format(number), who=person)
            assert answer.status in (404, 400), (path, number, answer)
    for path in ("/bookings/{}/accept", "/bookings/{}/check-in"):
        expect(site.post(path.format(UNKNOWN), {}, facility), 404)
    expect(site.post(f"/offers/{UNKNOWN}/accept", {}, who), 404)
    expect(site.post("/bookings", ask({"facility": UNKNOWN}, "day", day(TODAY, 5), day(TODAY, 5)), who), 404)
    expect(site.api("GET", "/nothing/here"), 404)
    answer = site.api("DELETE", "/bookings", who=who)
    assert answer.status == 405 and "POST" in answer.headers["Allow"], answer


def keys_are_required_where_they_matter(site):
    who, facility = fresh(site, 0), facility_of(site)
    body = ask(facility, "day", day(TODAY, 5), day(TODAY, 5))
    expect(site.api("POST", "/bookings", body, who), 400, "idempotency-key-missing")
    for key in ("", " ", "x" * 201, "あ".encode().decode("latin-1")):
        answer = site.api("POST", "/bookings", body, who, headers={"Idempotency-Key": key})
        assert answer.status == 400, (key, answer)
    assert left(site, who) == 7


def tokens_are_believed_only_when_they_are_ours(site):
    for token in ("", "x", "a" * 43, "' OR 1=1 --"):
        answer = site.api("GET", "/me", headers={"Authorization": "Bearer " + token})
        expect(answer, 401)
    who = site.account("resident", 3)
    session = expect(site.api("POST", "/session", {"login": who["login"], "password": who["password"]}), 200).json
    mine = dict(who, token=session["token"])
    expect(site.api("GET", "/notices", who=mine), 200)
    expect(site.api("DELETE", "/session", who=mine), 204)
    expect(site.api("GET", "/notices", who=mine), 401)


def staff_need_their_code(site):
    staff = site.account("coordinator")
    body = {"login": staff["login"], "password": staff["password"]}
    answer = site.api("POST", "/session", body)
    assert answer.status == 401 and answer.json["code"] in ("otp-needed", "otp"), answer
    assert site.api("POST", "/session", dict(body, otp="000000")).status in (401, 429)


def forms_come_back_with_what_was_typed(site):
    client = site.client()
    answer = client.send("POST", "/register", "email=not-an-address&name=%E8%8A%B1%E5%AD%90&password=short",
                         {"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status in (403, 422), answer
    page = client.send("GET", "/login")
    assert page.status == 200 and b"<form" in page.body
    for path in ("/me", "/city", "/facility"):
        answer = client.send("GET", path)
        assert answer.status == 303 and "/login" in answer.headers["Location"], (path, answer)
    client.close()


def ill_formed_requests_end_the_connection(site):
    import socket
    cases = [b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
             b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
             b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n", b"GARBAGE\r\n\r\n"]
    for raw in cases:
        with socket.create_connection(("127.0.0.1", site.port), timeout=START_SECONDS) as connection:
            connection.sendall(raw)
            said = connection.recv(100)
            assert said == b"" or said.startswith(b"HTTP/1.1 4"), (raw, said)


def it_still_works(site):
    expect(site.api("GET", "/city"), 200)
    site.verify()


if __name__ == "__main__":
    main([the_body_is_not_what_it_should_be, faults_are_named_by_their_place, the_rules_refuse_with_figures,
          unknown_things_are_not_found, keys_are_required_where_they_matter,
          tokens_are_believed_only_when_they_are_ours, staff_need_their_code, forms_come_back_with_what_was_typed,
          ill_formed_requests_end_the_connection, it_still_works])
