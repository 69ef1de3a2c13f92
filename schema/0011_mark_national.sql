-- Which closing days came with the Cabinet Office's list: a holiday of one year only is told by no name.
ALTER TABLE closed_day ADD COLUMN national @bool@ NOT NULL DEFAULT 0 CHECK (national IN (0, 1));
