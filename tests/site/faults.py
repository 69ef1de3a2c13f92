"""The world fails: no room on the disk, no database. Reading goes on where it can, writing says 503 in plain words,
nothing is half written, and service comes back by itself."""
import os
import subprocess
import sys
import time

import blackbox
from blackbox import NOW, START_SECONDS, Skip, expect, main, psql
from people import ask, capacity, day, facility_of, fresh, left

TODAY = NOW[:10]


def until(what):
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if what():
            return
        time.sleep(0.1)
    raise AssertionError("not in time")


def a_database_that_is_gone_and_back(site):
    """PostgreSQL ends every connection and lets none in; then it does."""
    if site.engine != "postgresql":
        raise Skip("of PostgreSQL")
    who, facility = fresh(site, 0), facility_of(site)
    capacity(site, facility, "day", day(TODAY, 5), day(TODAY, 5), 3)
    admin = os.environ["SANGO_TEST_PG"]
    site.patient = False
    psql(admin, f"ALTER DATABASE {site.database} ALLOW_CONNECTIONS false")
    psql(admin, f"SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = '{site.database}'")
    answer = site.post("/bookings", ask(facility, "day", day(TODAY, 5), day(TODAY, 5)), who)
    expect(answer, 503)
    assert answer.headers["Retry-After"] and answer.json["detail"]
    page = site.client().send("GET", "/static/none")
    assert page.status == 404, page
    signed_in = {"Cookie": "sango=" + "a" * 43}
    for path in ("/", "/login"):  # what stands in no database can be read on
        for headers in ({}, signed_in):
            assert site.client().send("GET", path, None, headers).status == 200, (path, headers)
    for path, person in (("/facilities", None), ("/me", who), ("/bookings", facility)):
        answer = expect(site.api("GET", path, who=person), 503)
        assert answer.headers["Retry-After"], path
    assert site.client().send("GET", "/search").status == 503
    psql(admin, f"ALTER DATABASE {site.database} ALLOW_CONNECTIONS true")
    site.patient = True
    until(lambda: site.api("GET", "/me", who=who).status == 200)
    assert left(site, who) == 7
    expect(site.post("/bookings", ask(facility, "day", day(TODAY, 5), day(TODAY, 5)), who), 201)
    site.verify()


def a_disk_that_is_full_and_not(site):
    """SQLite on a small file system of its own, filled to the last byte; then the filler goes."""
    if site.engine != "sqlite":
        raise Skip("of SQLite")
    if not site.data.is_mount():
        raise Skip("only root may mount a small file system")
    who, facility = fresh(site, 0), facility_of(site)
    capacity(site, facility, "day", day(TODAY, 5), day(TODAY, 5), 3)
    site.patient = False
    filler = site.data / "filler"
    with open(filler, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
    refused = None
    for _ in range(500):  # the write-ahead log has some room left in it
        answer = site.post("/bookings", ask(facility, "day", day(TODAY, 5), day(TODAY, 5)), who)
        if answer.status == 503:
            refused = answer
            break
        made = expect(answer, 201).json
        answer = site.post(f"/bookings/{made['id']}/cancel", {"reason": ""}, who)
        if answer.status == 503:
            refused = answer
            break
        expect(answer, 200)
    assert refused is not None, "the disk was never full"
    assert refused.headers["Retry-After"] and refused.json["detail"]
    expect(site.api("GET", f"/vacancies?care=day&from={day(TODAY, 1)}&to={day(TODAY, 9)}"), 200)
    expect(site.api("GET", "/me", who=who), 200)
    filler.unlink()
    site.patient = True
    until(lambda: site.api("PUT", f"/facilities/{facility['facility']}/capacity",
                           {"care": "day", "from": day(TODAY, 6), "to": day(TODAY, 6), "capacity": 3},
                           facility).status == 200)
    site.verify()


def wrong_configuration_is_one_sentence(site):
    for arguments in (["serve", "--config", "/nowhere/sango.conf"], ["serve"], ["demo", "--dir", str(site.folder)],
                      ["demo", "--dir", str(site.data), "--port", "99999"], ["verify", "--db", "mysql://x"],
                      ["quote", "/nowhere", "/nowhere"], ["nonsense"]):
        done = subprocess.run([site.binary, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False, timeout=START_SECONDS)
        assert done.returncode in (1, 2), (arguments, done)
        assert 1 <= len([line for line in done.stderr.splitlines() if line]) <= 3, (arguments, done.stderr)


def a_second_server_on_the_same_file_is_refused(site):
    if site.engine != "sqlite":
        raise Skip("of SQLite")
    done = subprocess.run([site.binary, "demo", "--dir", str(site.data), "--port", str(blackbox.free_port())],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                          timeout=START_SECONDS)
    assert done.returncode == 1 and done.stderr.strip(), done
    expect(site.api("GET", "/city"), 200)


def a_database_with_something_in_it_makes_no_demo(site):
    folder = site.folder / "second"
    done = subprocess.run([site.binary, "demo", "--dir", str(folder), "--port", str(blackbox.free_port()), "--db",
                           site.database_url()], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, check=False, timeout=START_SECONDS)
    assert done.returncode == 1 and done.stderr.count("\n") == 1, done
    assert not (folder / "accounts.json").exists()
    site.verify()


if __name__ == "__main__":
    main([a_database_that_is_gone_and_back, a_disk_that_is_full_and_not, wrong_configuration_is_one_sentence,
          a_second_server_on_the_same_file_is_refused, a_database_with_something_in_it_makes_no_demo],
         disk_mb=24 if sys.argv[1] == "sqlite" else None)
