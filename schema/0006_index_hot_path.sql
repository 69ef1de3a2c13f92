-- What every booking and every second of the clock asks: who works at a facility, who has a role, which notices are
-- due, which wishes wait. Each index holds all that its statement compares and sorts by: every first column is the
-- city, which SQLite, having no statistics, takes for selective, so that it would rather walk a whole city than sort.
CREATE INDEX account_facility ON account (city, facility, state, id);
CREATE INDEX account_role ON account (city, role, state, id);
CREATE INDEX notice_due ON notice (city, next_at, id) WHERE state = 'waiting';
CREATE INDEX wait_state ON wait (city, state, id);
-- A facility's board and the city's lists ask for what is requested, promised or under way: a handful beside what is over.
-- The condition stands as query/bookings.c writes it, so that both engines see that it is the same.
CREATE INDEX booking_open ON booking (city, facility, state, start_day, id)
    WHERE state = 'requested' OR state = 'confirmed' OR state = 'in-use';
-- A ward's facilities in the order of their list.
CREATE INDEX facility_ward ON facility (city, ward, kana, id);
