-- A booking wrote an entry into each of these at a place of its own, which on a large city is a page read and written for it.
-- What somebody does for herself is in audit_subject already.
DROP INDEX audit_actor;
CREATE INDEX audit_actor ON audit (city, actor, id) WHERE actor <> subject;
-- Who is in a place is found by the bookings of its facility on those days.
DROP INDEX booking_night_slot;
