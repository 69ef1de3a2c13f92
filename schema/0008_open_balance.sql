-- What a grant brings along: the day on which its class was found, and what was used before this program kept count.
ALTER TABLE grant_ ADD COLUMN class_proven @day@; -- the class holds for uses of the tax year of this day; NULL: for every day

CREATE TABLE grant_before (           -- uses that no booking stands for
    city @int@ NOT NULL,
    registration @int@ NOT NULL,
    what @text@ NOT NULL CHECK (what = 'pool' OR what = 'reduction' OR what = 'yen' OR what = 'care'),
    code @text@ NOT NULL,             -- of the pool, the reduction, the reduction with a budget, the care
    units @int@ NOT NULL CHECK (units > 0), -- of a pool they are in grant_pool.used too
    PRIMARY KEY (city, registration, what, code),
    FOREIGN KEY (city, registration) REFERENCES grant_ (city, registration)
) @keyed@;
