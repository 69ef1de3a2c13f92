-- Places, bookings, wishes and offers.
CREATE TABLE slot (                   -- facility x care x day; a stay takes the nights start .. end-1
    city @int@ NOT NULL,
    facility @int@ NOT NULL,
    care @text@ NOT NULL,
    day @day@ NOT NULL,
    capacity @int@ NOT NULL CHECK (capacity >= 0),
    taken @int@ NOT NULL DEFAULT 0 CHECK (taken >= 0),    -- by live bookings
    held @int@ NOT NULL DEFAULT 0 CHECK (held >= 0),      -- by open offers
    blocked @int@ NOT NULL DEFAULT 0 CHECK (blocked >= 0), -- by blocks in force
    shortfall @int@ NOT NULL DEFAULT 0 CHECK (shortfall >= 0), -- promised beyond capacity, to be settled by people
    PRIMARY KEY (city, facility, care, day),
    FOREIGN KEY (city, facility, care) REFERENCES facility_care (city, facility, care),
    CONSTRAINT slot_places CHECK (taken + held + blocked <= capacity + shortfall)
) @keyed@;
CREATE INDEX slot_day ON slot (city, care, day, facility);

CREATE TABLE block (                  -- "one bed fewer from tonight": a birth on the ward
    city @int@ NOT NULL,
    id @int@ NOT NULL,
    facility @int@ NOT NULL,
    care @text@ NOT NULL,
    from_day @day@ NOT NULL,
    to_day @day@ NOT NULL,
    beds @int@ NOT NULL CHECK (beds >= 1),
    reason @text@ NOT NULL,
    created_at @time@ NOT NULL,
    created_by @int@ NOT NULL,
    lifted_at @time@,
    PRIMARY KEY (city, id),
    FOREIGN KEY (city, facility, care) REFERENCES facility_care (city, facility, care),
    CHECK (from_day <= to_day)
) @strict@;
CREATE INDEX block_facility ON block (city, facility, to_day);

CREATE TABLE booking (
    city @int@ NOT NULL,
    id @int@ NOT NULL,
    account @int@ NOT NULL,
    registration @int@ NOT NULL,
    facility @int@ NOT NULL,
    care @text@ NOT NULL,
    start_day @day@ NOT NULL,
    end_day @day@ NOT NULL,           -- last calendar day; equal to start_day for a day visit
    units @int@ NOT NULL CHECK (units >= 0),
    fee @int@ NOT NULL CHECK (fee >= 0),          -- resident's share, yen
    contract_price @int@ NOT NULL CHECK (contract_price >= 0), -- what the city pays in all a unit, fixed at booking
    household_class @text@ NOT NULL,
    programme_from @day@ NOT NULL,    -- first day of the programme version that judged it
    state @text@ NOT NULL CHECK (state = 'requested' OR state = 'confirmed' OR state = 'declined' OR state = 'lapsed' OR
        state = 'cancelled' OR state = 'in-use' OR state = 'completed' OR state = 'no-show'),
    answer_by @time@,                 -- while requested
    lapse_to @text@ NOT NULL CHECK (lapse_to IN ('accept', 'decline')),
    free_cancel_until @time@,
    change_of @int@,                  -- this is the new place of a change; the old booking stands until it is certain
    change_fee @int@ NOT NULL DEFAULT 0 CHECK (change_fee >= 0), -- what giving up the old one costs once this is certain,
    change_units @int@ NOT NULL DEFAULT 0 CHECK (change_units >= 0), -- as it was when the change was asked for
    proposed @bool@ NOT NULL DEFAULT 0 CHECK (proposed IN (0, 1)), -- by the facility: while requested, the resident answers
    message @text@ NOT NULL,
    reason @text@,                    -- of decline or cancellation
    cancel_fee @int@ CHECK (cancel_fee >= 0),
    report @text@,                    -- of the facility, at completion
    origin @text@ NOT NULL CHECK (origin = 'resident' OR origin = 'facility' OR origin = 'city' OR origin = 'offer' OR
        origin = 'auto' OR origin = 'history'),
    created_at @time@ NOT NULL,
    created_by @int@ NOT NULL,        -- account; the city's clerk when entered on behalf
    changed_at @time@ NOT NULL,
    version @int@ NOT NULL DEFAULT 1,
    PRIMARY KEY (city, id),
    FOREIGN KEY (city, account) REFERENCES account (city, id),
    FOREIGN KEY (city, registration) REFERENCES grant_ (city, registration),
    FOREIGN KEY (city, facility, care) REFERENCES facility_care (city, facility, care),
    FOREIGN KEY (city, change_of) REFERENCES booking (city, id),
    CONSTRAINT booking_days CHECK (start_day <= end_day),
    CONSTRAINT booking_proposal CHECK (proposed = 0 OR lapse_to = 'decline'),
    CONSTRAINT booking_answer CHECK ((state = 'requested') = (answer_by IS NOT NULL))
) @strict@;
CREATE INDEX booking_account ON booking (city, account, id);
CREATE INDEX booking_facility ON booking (city, facility, start_day, id);
CREATE INDEX booking_answer_by ON booking (city, answer_by) WHERE state = 'requested';
CREATE INDEX booking_start ON booking (city, start_day, state);
CREATE UNIQUE INDEX booking_change_once ON booking (city, change_of) WHERE state = 'requested' AND change_of IS NOT NULL;

CREATE TABLE booking_line (           -- the price, line by line, as it was explained
    city @int@ NOT NULL,
    booking @int@ NOT NULL,
    no @int@ NOT NULL,
    what @text@ NOT NULL,             -- care, over, addition, reduction, extra
    name @text@ NOT NULL,             -- for people, as the profile called it that day
    units @int@ NOT NULL,
    each_yen @int@ NOT NULL,
    amount @int@ NOT NULL,
    PRIMARY KEY (city, booking, no),
    FOREIGN KEY (city, booking) REFERENCES booking (city, id)
) @keyed@;

CREATE TABLE booking_night (          -- one row per slot a booking occupies; kept, inactive, for history
    city @int@ NOT NULL,
    booking @int@ NOT NULL,
    day @day@ NOT NULL,
    facility @int@ NOT NULL,
    care @text@ NOT NULL,
    account @int@ NOT NULL,
    active @bool@ NOT NULL CHECK (active IN (0, 1)),
    side @bool@ NOT NULL CHECK (side IN (0, 1)),         -- 1: the new place of an undecided change
    borrowed @bool@ NOT NULL CHECK (borrowed IN (0, 1)), -- rides on the old booking's place in the same slot
    PRIMARY KEY (city, booking, day),
    FOREIGN KEY (city, booking) REFERENCES booking (city, id),
    FOREIGN KEY (city, facility, care, day) REFERENCES slot (city, facility, care, day),
    CONSTRAINT booking_night_borrowed CHECK (borrowed = 0 OR side = 1)
) @strict@;
CREATE UNIQUE INDEX booking_night_once ON booking_night (city, account, day, side) WHERE active = 1;
CREATE INDEX booking_night_slot ON booking_night (city, facility, care, day) WHERE active = 1;

CREATE TABLE booking_pool (           -- what a booking has reserved or used of each pool
    city @int@ NOT NULL,
    booking @int@ NOT NULL,
    registration @int@ NOT NULL,
    pool @text@ NOT NULL,
    units @int@ NOT NULL CHECK (units >= 0),      -- what the use costs
    reserved @int@ NOT NULL CHECK (reserved >= 0), -- of grant_pool.booked, now
    used @int@ NOT NULL CHECK (used >= 0),         -- of grant_pool.used
    PRIMARY KEY (city, booking, pool),
    FOREIGN KEY (city, booking) REFERENCES booking (city, id),
    FOREIGN KEY (city, registration, pool) REFERENCES grant_pool (city, registration, pool)
) @keyed@;

CREATE TABLE booking_event (          -- every change of state, in order
    city @int@ NOT NULL,
    booking @int@ NOT NULL,
    no @int@ NOT NULL,
    at @time@ NOT NULL,
    actor @int@ NOT NULL,             -- account, 0 for the clock
    event @text@ NOT NULL,
    from_state @text@,                -- NULL for the first
    to_state @text@ NOT NULL,
    reason @text@,
    PRIMARY KEY (city, booking, no),
    FOREIGN KEY (city, booking) REFERENCES booking (city, id)
) @keyed@;

CREATE TABLE wait (                   -- a wish for a place
    city @int@ NOT NULL,
    id @int@ NOT NULL,
    account @int@ NOT NULL,
    registration @int@ NOT NULL,
    care @text@ NOT NULL,
    from_day @day@ NOT NULL,
    to_day @day@ NOT NULL,
    nights @int@ NOT NULL CHECK (nights >= 0), -- 0 for day visits
    any_facility @bool@ NOT NULL CHECK (any_facility IN (0, 1)),
    mode @text@ NOT NULL CHECK (mode IN ('auto', 'ask')),
    notice_hours @int@ NOT NULL CHECK (notice_hours BETWEEN 0 AND 336),
    swap_for @int@,                   -- the booking to give up when the place is certain
    state @text@ NOT NULL CHECK (state = 'waiting' OR state = 'offered' OR state = 'booked' OR state = 'closed'),
    closed_why @text@ CHECK (closed_why = 'withdrawn' OR closed_why = 'past' OR closed_why = 'not-fitting' OR
        closed_why = 'booked-elsewhere'),
    created_at @time@ NOT NULL,
    changed_at @time@ NOT NULL,
    PRIMARY KEY (city, id),
    FOREIGN KEY (city, account) REFERENCES account (city, id),
    FOREIGN KEY (city, registration) REFERENCES grant_ (city, registration),
    FOREIGN KEY (city, swap_for) REFERENCES booking (city, id),
    CONSTRAINT wait_days CHECK (from_day <= to_day)
) @strict@;
CREATE INDEX wait_queue ON wait (city, care, id) WHERE state = 'waiting';
CREATE INDEX wait_account ON wait (city, account, id);

CREATE TABLE wait_facility (          -- unless any_facility
    city @int@ NOT NULL,
    wait @int@ NOT NULL,
    facility @int@ NOT NULL,
    PRIMARY KEY (city, wait, facility),
    FOREIGN KEY (city, wait) REFERENCES wait (city, id),
    FOREIGN KEY (city, facility) REFERENCES facility (city, id)
) @keyed@;

CREATE TABLE offer (                  -- a place held for one person until a deadline
    city @int@ NOT NULL,
    id @int@ NOT NULL,
    wait @int@ NOT NULL,
    account @int@ NOT NULL,
    facility @int@ NOT NULL,
    care @text@ NOT NULL,
    start_day @day@ NOT NULL,
    end_day @day@ NOT NULL,
    state @text@ NOT NULL CHECK (state = 'open' OR state = 'accepted' OR state = 'declined' OR state = 'expired'),
    created_at @time@ NOT NULL,
    expires_at @time@ NOT NULL,
    answered_at @time@,
    booking @int@,                    -- once accepted
    PRIMARY KEY (city, id),
    FOREIGN KEY (city, wait) REFERENCES wait (city, id),
    FOREIGN KEY (city, account) REFERENCES account (city, id),
    FOREIGN KEY (city, facility, care) REFERENCES facility_care (city, facility, care),
    FOREIGN KEY (city, booking) REFERENCES booking (city, id),
    CONSTRAINT offer_booked CHECK ((state = 'accepted') = (booking IS NOT NULL))
) @strict@;
CREATE UNIQUE INDEX offer_open_once ON offer (city, wait) WHERE state = 'open';
CREATE INDEX offer_expiry ON offer (city, expires_at) WHERE state = 'open';
CREATE INDEX offer_account ON offer (city, account, id);
CREATE INDEX offer_wait ON offer (city, wait, id);

CREATE TABLE offer_night (
    city @int@ NOT NULL,
    offer @int@ NOT NULL,
    day @day@ NOT NULL,
    facility @int@ NOT NULL,
    care @text@ NOT NULL,
    active @bool@ NOT NULL CHECK (active IN (0, 1)),
    PRIMARY KEY (city, offer, day),
    FOREIGN KEY (city, offer) REFERENCES offer (city, id),
    FOREIGN KEY (city, facility, care, day) REFERENCES slot (city, facility, care, day)
) @strict@;
CREATE INDEX offer_night_slot ON offer_night (city, facility, care, day) WHERE active = 1;
