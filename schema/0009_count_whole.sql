-- Beside what everybody sees: how often any row of a city was changed that is shown to anybody, so that servers know
-- whether what they remember of sessions and of pages made for one person is still right.
ALTER TABLE change_count ADD COLUMN whole @int@ NOT NULL DEFAULT 0;
