-- What belongs to the installation and not to a city. One row.
CREATE TABLE installation (
    one @int@ NOT NULL PRIMARY KEY CHECK (one = 1),
    secret @text@ NOT NULL,           -- 256 random bits: keys form tokens and the hashes of failed sign-ins, on every node
    made_at @time@ NOT NULL
) @strict@;
