-- The city, its people and what they may do. Ids are those of base/id.h.
CREATE TABLE city (
    id @int@ NOT NULL PRIMARY KEY,
    code @text@ NOT NULL UNIQUE,
    name @text@ NOT NULL,
    profile @text@ NOT NULL,          -- the profile file as loaded, JSON
    profile_digest @text@ NOT NULL,   -- SHA-256, hex
    loaded_at @time@ NOT NULL
) @strict@;

CREATE TABLE closed_day (             -- national holidays and the city's own closing days
    city @int@ NOT NULL REFERENCES city (id),
    day @day@ NOT NULL,
    name @text@ NOT NULL,
    PRIMARY KEY (city, day)
) @keyed@;

CREATE TABLE facility (
    city @int@ NOT NULL REFERENCES city (id),
    id @int@ NOT NULL,
    code @text@ NOT NULL,             -- short, stable, for imports: F01
    name @text@ NOT NULL,
    kana @text@ NOT NULL,
    search_key @text@ NOT NULL,       -- sys/textkey of name, kana, ward and address
    kind @text@ NOT NULL CHECK (kind = 'hospital' OR kind = 'clinic' OR kind = 'midwifery'),
    ward @text@ NOT NULL,
    postal_code @text@ NOT NULL,
    address @text@ NOT NULL,
    phone @text@ NOT NULL,
    email @text@ NOT NULL,
    introduction @text@ NOT NULL,
    access @text@ NOT NULL,
    bring @text@ NOT NULL,            -- what to bring
    multiples @bool@ NOT NULL CHECK (multiples IN (0, 1)),
    siblings @bool@ NOT NULL CHECK (siblings IN (0, 1)),
    partner @bool@ NOT NULL CHECK (partner IN (0, 1)),
    suspended @bool@ NOT NULL DEFAULT 0 CHECK (suspended IN (0, 1)),
    version @int@ NOT NULL DEFAULT 1,
    PRIMARY KEY (city, id),
    UNIQUE (city, code)
) @strict@;

CREATE TABLE facility_care (          -- what a facility offers, narrower than the city's rules
    city @int@ NOT NULL,
    facility @int@ NOT NULL,
    care @text@ NOT NULL,
    age_months_max @int@,             -- infants younger than this only; NULL: the city's window
    price @int@ CHECK (price >= 0),             -- facility's own price a unit, yen; NULL: none
    contract_price @int@ NOT NULL CHECK (contract_price >= 0), -- what the city pays in all a unit, yen
    answer_hours @int@ CHECK (answer_hours BETWEEN 0 AND 336), -- NULL: the city's rule; 0: accepted at once
    lapse_to @text@ CHECK (lapse_to IN ('accept', 'decline')), -- NULL: the city's rule
    PRIMARY KEY (city, facility, care),
    FOREIGN KEY (city, facility) REFERENCES facility (city, id)
) @keyed@;

CREATE TABLE account (
    city @int@ NOT NULL REFERENCES city (id),
    id @int@ NOT NULL,
    role @text@ NOT NULL CHECK (role = 'resident' OR role = 'facility' OR role = 'coordinator' OR
        role = 'city_admin' OR role = 'auditor'),
    login @text@ NOT NULL,            -- normalised e-mail address
    name @text@ NOT NULL,
    password @text@ NOT NULL,         -- $argon2id$…
    totp_secret @text@,               -- base 32; staff always have one
    totp_used @int@ NOT NULL DEFAULT 0, -- last counter accepted: a code works once
    facility @int@,
    state @text@ NOT NULL CHECK (state = 'unconfirmed' OR state = 'active' OR state = 'disabled'),
    created_at @time@ NOT NULL,
    confirmed_at @time@,
    PRIMARY KEY (city, id),
    UNIQUE (city, login),
    FOREIGN KEY (city, facility) REFERENCES facility (city, id),
    CONSTRAINT account_facility CHECK ((role = 'facility') = (facility IS NOT NULL)),
    CONSTRAINT account_staff_totp CHECK (role = 'resident' OR totp_secret IS NOT NULL)
) @strict@;

CREATE TABLE session (
    city @int@ NOT NULL,
    token_hash @text@ NOT NULL,       -- SHA-256 of the token, hex; the token itself is never stored
    account @int@ NOT NULL,
    kind @text@ NOT NULL CHECK (kind IN ('cookie', 'bearer')),
    created_at @time@ NOT NULL,
    seen_at @time@ NOT NULL,
    expires_at @time@ NOT NULL,       -- absolute limit
    PRIMARY KEY (city, token_hash),
    FOREIGN KEY (city, account) REFERENCES account (city, id)
) @keyed@;
CREATE INDEX session_account ON session (city, account);
CREATE INDEX session_expiry ON session (city, expires_at);

CREATE TABLE link (                   -- one-time links sent by e-mail
    city @int@ NOT NULL,
    token_hash @text@ NOT NULL,
    account @int@ NOT NULL,
    purpose @text@ NOT NULL CHECK (purpose IN ('confirm', 'reset')),
    created_at @time@ NOT NULL,
    expires_at @time@ NOT NULL,
    used_at @time@,
    PRIMARY KEY (city, token_hash),
    FOREIGN KEY (city, account) REFERENCES account (city, id)
) @strict@;
CREATE INDEX link_account ON link (city, account, purpose);

CREATE TABLE backoff (                -- failed sign-ins per account and per address
    city @int@ NOT NULL REFERENCES city (id),
    subject @text@ NOT NULL,          -- keyed hash of the login or of the peer's address
    failures @int@ NOT NULL CHECK (failures >= 0),
    last_at @time@ NOT NULL,
    PRIMARY KEY (city, subject)
) @keyed@;

CREATE TABLE registration (           -- asked once per birth
    city @int@ NOT NULL,
    id @int@ NOT NULL,
    account @int@ NOT NULL,
    state @text@ NOT NULL CHECK (state = 'submitted' OR state = 'returned' OR state = 'approved' OR
        state = 'rejected' OR state = 'withdrawn'),
    mother_name @text@ NOT NULL,      -- byte for byte as typed
    mother_kana @text@ NOT NULL,      -- full-width katakana
    name_key @text@ NOT NULL,         -- sys/textkey of name and kana
    mother_birth_date @day@ NOT NULL,
    postal_code @text@ NOT NULL,
    address @text@ NOT NULL,
    phone @text@ NOT NULL,
    household_class @text@ NOT NULL,  -- as claimed; the grant has the decided one
    note @text@ NOT NULL,
    submitted_at @time@ NOT NULL,
    decided_at @time@,
    decided_by @int@,
    reason @text@,                    -- of the last return or rejection
    version @int@ NOT NULL DEFAULT 1,
    PRIMARY KEY (city, id),
    FOREIGN KEY (city, account) REFERENCES account (city, id)
) @strict@;
CREATE UNIQUE INDEX registration_open_once ON registration (city, account) WHERE state IN ('submitted', 'returned');
CREATE INDEX registration_queue ON registration (city, state, id);
CREATE INDEX registration_account ON registration (city, account, id);
CREATE INDEX registration_name ON registration (city, name_key, mother_birth_date);

CREATE TABLE child (
    city @int@ NOT NULL,
    id @int@ NOT NULL,
    registration @int@ NOT NULL,
    ordinal @int@ NOT NULL CHECK (ordinal >= 1),
    name @text@ NOT NULL,
    birth_date @day@,
    due_date @day@,
    gestation_days @int@ CHECK (gestation_days BETWEEN 100 AND 330),
    weight_g @int@ CHECK (weight_g BETWEEN 100 AND 9000),
    PRIMARY KEY (city, id),
    UNIQUE (city, registration, ordinal),
    FOREIGN KEY (city, registration) REFERENCES registration (city, id),
    CONSTRAINT child_day CHECK (birth_date IS NOT NULL OR due_date IS NOT NULL)
) @strict@;

CREATE TABLE consent (
    city @int@ NOT NULL,
    registration @int@ NOT NULL,
    code @text@ NOT NULL,
    given_at @time@ NOT NULL,
    PRIMARY KEY (city, registration, code),
    FOREIGN KEY (city, registration) REFERENCES registration (city, id)
) @strict@;

CREATE TABLE interview (
    city @int@ NOT NULL,
    id @int@ NOT NULL,
    registration @int@ NOT NULL,
    by_account @int@ NOT NULL,
    at @time@ NOT NULL,
    note @text@ NOT NULL,
    needs @text@ NOT NULL,            -- codes, separated by a space
    PRIMARY KEY (city, id),
    FOREIGN KEY (city, registration) REFERENCES registration (city, id),
    FOREIGN KEY (city, by_account) REFERENCES account (city, id)
) @strict@;
CREATE INDEX interview_registration ON interview (city, registration, id);

CREATE TABLE grant_ (                 -- what an approval gives; one per registration
    city @int@ NOT NULL,
    registration @int@ NOT NULL,
    account @int@ NOT NULL,
    number @int@ NOT NULL,            -- of the notice of approval, counted per city
    household_class @text@ NOT NULL,
    valid_from @day@ NOT NULL,
    valid_to @day@ NOT NULL,
    approved_at @time@ NOT NULL,
    approved_by @int@ NOT NULL,
    PRIMARY KEY (city, registration),
    UNIQUE (city, number),
    FOREIGN KEY (city, registration) REFERENCES registration (city, id),
    FOREIGN KEY (city, account) REFERENCES account (city, id),
    CONSTRAINT grant_period CHECK (valid_from <= valid_to)
) @strict@;
CREATE INDEX grant_account ON grant_ (city, account, registration);

CREATE TABLE grant_pool (             -- the guarded counter behind "at most seven days"
    city @int@ NOT NULL,
    registration @int@ NOT NULL,
    pool @text@ NOT NULL,
    granted @int@ NOT NULL CHECK (granted >= 0),
    booked @int@ NOT NULL DEFAULT 0 CHECK (booked >= 0), -- promised to live bookings
    used @int@ NOT NULL DEFAULT 0 CHECK (used >= 0),     -- consumed by uses and late cancellations
    PRIMARY KEY (city, registration, pool),
    FOREIGN KEY (city, registration) REFERENCES grant_ (city, registration),
    CONSTRAINT grant_pool_units CHECK (booked + used <= granted)
) @keyed@;
