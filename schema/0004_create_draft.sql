-- What somebody has answered so far before sending it in: one draft a person and kind, dropped when it is sent.
CREATE TABLE draft (
    city @int@ NOT NULL,
    account @int@ NOT NULL,
    kind @text@ NOT NULL CHECK (kind IN ('registration')),
    answers @text@ NOT NULL,          -- as typed: name=value pairs, percent-encoded
    saved_at @time@ NOT NULL,
    PRIMARY KEY (city, account, kind),
    FOREIGN KEY (city, account) REFERENCES account (city, id)
) @strict@;
