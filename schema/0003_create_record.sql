-- What was said, done and asked: notices, audit, idempotency, jobs, imported history.
CREATE TABLE notice (                 -- the outbox; each row is also shown on the screen
    city @int@ NOT NULL,
    id @int@ NOT NULL,
    account @int@ NOT NULL,
    cause @text@ NOT NULL,            -- what demanded it, once: booking:ID:NO, offer:ID:open, registration:ID:approved …
    kind @text@ NOT NULL,             -- catalogue key of its words
    subject @text@ NOT NULL,
    body @text@ NOT NULL,             -- neutral words and a path; no personal data beyond the addressee's own name
    path @text@ NOT NULL,             -- page to open, /me/bookings/…
    by_mail @bool@ NOT NULL CHECK (by_mail IN (0, 1)),
    state @text@ NOT NULL CHECK (state = 'waiting' OR state = 'sent' OR state = 'failed'),
    attempts @int@ NOT NULL DEFAULT 0,
    next_at @time@ NOT NULL,
    sent_at @time@,
    fault @text@,                     -- code of the last failure
    message_id @text@ NOT NULL,       -- stable over repeats
    created_at @time@ NOT NULL,
    read_at @time@,
    PRIMARY KEY (city, id),
    UNIQUE (city, cause, account),
    UNIQUE (message_id),
    FOREIGN KEY (city, account) REFERENCES account (city, id)
) @strict@;
CREATE INDEX notice_account ON notice (city, account, id);

CREATE TABLE audit (                  -- every change, and every read of personal data by staff
    city @int@ NOT NULL REFERENCES city (id),
    id @int@ NOT NULL,
    at @time@ NOT NULL,
    actor @int@ NOT NULL,             -- account, 0 for the clock
    role @text@ NOT NULL,
    action @text@ NOT NULL,           -- booking.accept, registration.view …
    object @text@ NOT NULL,           -- kind of object
    object_id @int@ NOT NULL,
    subject @int@ NOT NULL DEFAULT 0, -- the resident's account it concerns, 0 for none
    detail @text@ NOT NULL,           -- figures and codes, JSON; never names or addresses
    PRIMARY KEY (city, id)
) @strict@;
CREATE INDEX audit_subject ON audit (city, subject, id);
CREATE INDEX audit_actor ON audit (city, actor, id);

CREATE TABLE idem (                   -- one effect and one answer a key
    city @int@ NOT NULL,
    actor @int@ NOT NULL,
    key @text@ NOT NULL,
    request_hash @text@ NOT NULL,
    status @int@ NOT NULL,
    location @text@ NOT NULL,         -- of a redirect, else ''
    content_type @text@ NOT NULL,
    body @blob@ NOT NULL,
    created_at @time@ NOT NULL,
    PRIMARY KEY (city, actor, key)
) @strict@;
CREATE INDEX idem_age ON idem (city, created_at);

CREATE TABLE job (                    -- each job runs on one node at a time
    name @text@ NOT NULL PRIMARY KEY,
    holder @text@ NOT NULL,
    until @time@ NOT NULL,
    last_run @time@,
    last_result @text@
) @strict@;

CREATE TABLE past_usage (             -- imported history, before this system
    city @int@ NOT NULL REFERENCES city (id),
    fiscal_year @int@ NOT NULL,
    care @text@ NOT NULL,
    uses @int@ NOT NULL CHECK (uses >= 0),
    persons @int@ CHECK (persons >= 0),
    units @int@ CHECK (units >= 0),
    expected @bool@ NOT NULL CHECK (expected IN (0, 1)), -- a forecast, not a count
    through_day @day@ NOT NULL,       -- live uses after this day are added
    imported_at @time@ NOT NULL,
    PRIMARY KEY (city, fiscal_year, care)
) @strict@;
