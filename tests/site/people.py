"""What the journeys do again and again, in the words of the API."""
import datetime

from blackbox import expect


def day(text, plus=0):
    return (datetime.date.fromisoformat(text) + datetime.timedelta(days=plus)).isoformat()


def facility_of(site, number=0):
    return site.account("facility", number)


def capacity(site, facility, care, first, last, places):
    return expect(site.api("PUT", f"/facilities/{facility['facility']}/capacity",
                           {"care": care, "from": first, "to": last, "capacity": places}, facility), 200).json


def opening(site, facility, care, date):
    answer = expect(site.api("GET", f"/vacancies?care={care}&from={date}&to={date}&facility={facility['facility']}"),
                    200).json
    rows = [r for r in answer["days"] if r["date"] == date]
    return rows[0] if rows else None


def ask(facility, care, start, end):
    return {"facility": facility["facility"], "care": care, "start": start, "end": end}


def book(site, who, facility, care, start, end):
    return expect(site.post("/bookings", ask(facility, care, start, end), who), 201).json


def booking(site, who, number):
    return expect(site.api("GET", f"/bookings/{number}", who=who), 200).json


def me(site, who):
    return expect(site.api("GET", "/me", who=who), 200).json


def left(site, who, pool=0):
    return me(site, who)["pools"][pool]["left"]


def offers(site, who, state="open"):
    return [o for o in expect(site.api("GET", "/offers", who=who), 200).json["offers"] if o["state"] == state]


def fresh(site, number):
    """The n-th approved resident who has used and booked nothing yet."""
    found = [a for a in site.accounts if a["role"] == "resident" and a.get("state") == "approved"
             and me(site, a)["pools"][0]["left"] == 7]
    return found[number]


def newcomer(site, name, born, household_class="taxed"):
    """Registers, confirms, signs in, applies and is approved: a new resident with all her days."""
    address = f"{name}@example.jp"
    expect(site.api("POST", "/accounts", {"email": address, "password": "とても長い合言葉です2026",
                                          "name": "試験 花子"}), 202)
    expect(site.api("POST", "/accounts/confirm", {"token": site.mailed_token(address)}), 200)
    session = expect(site.api("POST", "/session", {"login": address, "password": "とても長い合言葉です2026"}), 200).json
    who = {"role": "resident", "login": address, "token": session["token"]}
    made = expect(site.post("/registrations", application(site, born, household_class), who), 201).json
    assert made["state"] == "submitted"
    who["registration"] = made["id"]
    return who


def application(site, born, household_class="taxed"):
    consents = [c["code"] for c in expect(site.api("GET", "/city"), 200).json["consents"]]
    return {"mother": {"name": "試験 花子", "kana": "シケン ハナコ", "birth_date": "1995-04-01", "postal_code": "5730027",
                       "address": "大阪府枚方市大垣内町2丁目1-20", "phone": "090-0000-0001"},
            "children": [{"name": "試験 太郎", "birth_date": born}], "household_class": household_class,
            "consents": consents, "note": ""}


def approve(site, who, household_class="taxed"):
    coordinator = site.account("coordinator")
    expect(site.post(f"/registrations/{who['registration']}/interview", {"note": "電話でお話しした。", "needs": ["rest"]},
                     coordinator), 200)
    expect(site.post(f"/registrations/{who['registration']}/approve", {"household_class": household_class}, coordinator),
           200)
