-- The rules of a city as versions. Rows are added and at most ended before their first day; nothing else of them moves.
ALTER TABLE city ADD COLUMN rules_revision @int@ NOT NULL DEFAULT 0; -- raised by whatever the city is judged by: versions, closing days
ALTER TABLE booking ADD COLUMN rules_revision @int@ NOT NULL DEFAULT 0; -- the city's, when this was judged; 0: before there was one

CREATE TABLE rules_version (
    city @int@ NOT NULL REFERENCES city (id),
    number @int@ NOT NULL CHECK (number >= 1), -- in the order of publishing, without a gap
    valid_from @day@ NOT NULL,
    document @text@ NOT NULL,         -- JSON, one element of "versions" of a profile, canonical
    digest @text@ NOT NULL,           -- SHA-256 of the document, hex
    imported @bool@ NOT NULL CHECK (imported IN (0, 1)), -- came with the city's file
    since @int@ NOT NULL CHECK (since >= 1), -- the city's rules_revision from which on it is known
    published_at @time@ NOT NULL,
    published_day @day@ NOT NULL,     -- the same in Japan
    published_by @int@,               -- account; NULL: came with the file
    reason @text@ NOT NULL,
    ended_how @text@ CHECK (ended_how IN ('replaced', 'withdrawn')), -- before it began
    ended_since @int@,                -- the city's rules_revision from which on it is not in the set
    ended_at @time@,
    ended_day @day@,
    ended_by @int@,
    ended_reason @text@,
    PRIMARY KEY (city, number),
    FOREIGN KEY (city, published_by) REFERENCES account (city, id),
    FOREIGN KEY (city, ended_by) REFERENCES account (city, id),
    CONSTRAINT rules_version_ahead CHECK (imported = 1 OR valid_from > published_day),
    CONSTRAINT rules_version_author CHECK (imported = 1 OR (published_by IS NOT NULL AND reason <> '')),
    CONSTRAINT rules_version_ended CHECK ((ended_how IS NULL) = (ended_since IS NULL) AND
        (ended_how IS NULL) = (ended_at IS NULL) AND (ended_how IS NULL) = (ended_day IS NULL)),
    CONSTRAINT rules_version_begun CHECK (ended_day IS NULL OR ended_day < valid_from),
    CONSTRAINT rules_version_later CHECK (ended_since IS NULL OR ended_since > since)
) @strict@;
CREATE UNIQUE INDEX rules_version_live ON rules_version (city, valid_from) WHERE ended_how IS NULL;

CREATE TABLE rules_draft (            -- one a city, shared by its admins
    city @int@ NOT NULL PRIMARY KEY REFERENCES city (id),
    revision @int@ NOT NULL CHECK (revision >= 1), -- raised at every saving
    based_on @int@ NOT NULL,
    document @text@ NOT NULL,         -- JSON, perhaps faulty still
    changed_at @time@ NOT NULL,
    changed_by @int@ NOT NULL,
    FOREIGN KEY (city, based_on) REFERENCES rules_version (city, number),
    FOREIGN KEY (city, changed_by) REFERENCES account (city, id)
) @strict@;
