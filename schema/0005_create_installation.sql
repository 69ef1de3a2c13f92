-- What belongs to the installation and not to a city. One row.
CREATE TABLE installation (
    one @int@ NOT NULL PRIMARY KEY CHECK (one = 1),
    secret @text@ NOT NULL,           -- 256 random bits: keys form tokens and the hashes of failed sign-ins, on every node
    made_at @time@ NOT NULL
) @strict@;

-- How often rows that everybody sees were changed, so that servers sharing a PostgreSQL database know whether the pages
-- they keep are still right. `part` spreads the commits of one city over several rows; the sum counts. `city` 0 counts
-- for all. A single process that alone writes (SQLite) counts in memory and leaves this empty.
CREATE TABLE change_count (
    city @int@ NOT NULL,
    part @int@ NOT NULL,
    n @int@ NOT NULL,
    PRIMARY KEY (city, part)
) @strict@;
