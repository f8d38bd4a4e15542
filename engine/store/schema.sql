-- The tables of gouji's results. This is their DDL for PostgreSQL; in SQLite NUMERIC reads TEXT, since its NUMERIC would
-- be a binary float, and CAST(value AS NUMERIC) sorts and compares.
-- Text that is not known is '', a number that is not known NULL; lists are text with one item a line.

-- The version of these tables, the number of the latest run, and how often results came in.
CREATE TABLE gouji_store (version BIGINT NOT NULL, runs BIGINT NOT NULL, turns BIGINT NOT NULL);

CREATE TABLE runs (
    run             BIGINT PRIMARY KEY, -- its number
    key             TEXT NOT NULL,      -- sha256 in hex of all that is stored of it, with gouji's version and the options
    turn            BIGINT NOT NULL,    -- the order in which runs came in; a run that comes in again takes the next turn
    times           BIGINT NOT NULL,    -- how often it came in
    started         TEXT NOT NULL,      -- when it first came in, as 2026-12-31T23:59:59Z
    finished        TEXT NOT NULL,      -- when it last was complete
    version         TEXT NOT NULL,      -- of gouji
    options         TEXT NOT NULL,      -- the options that bear on results, as JSON
    inputs          BIGINT NOT NULL,    -- how many were checked
    broken          BIGINT NOT NULL,    -- datasets and files that could not be checked
    figures         BIGINT NOT NULL,
    pass            BIGINT NOT NULL,    -- rule instances by verdict
    rounding        BIGINT NOT NULL,
    fail            BIGINT NOT NULL,
    not_applicable  BIGINT NOT NULL,
    not_evaluated   BIGINT NOT NULL,
    errors          BIGINT NOT NULL,    -- open findings by severity
    warnings        BIGINT NOT NULL,
    infos           BIGINT NOT NULL,
    accepted        BIGINT NOT NULL,    -- findings accepted for a reason
    baseline        BIGINT NOT NULL     -- findings that a baseline holds
);
CREATE UNIQUE INDEX runs_key ON runs (key);
CREATE UNIQUE INDEX runs_turn ON runs (turn);

-- A line for each dataset or document that a run checked: what a unit comes to in a year.
CREATE TABLE inputs (
    run             BIGINT NOT NULL,
    input           BIGINT NOT NULL,    -- its number in the run, from 1
    path            TEXT NOT NULL,      -- its file, or file:line
    sha256          TEXT NOT NULL,      -- of its file in hex, where that is read from beginning to end
    pack            TEXT NOT NULL,      -- the pack that judged it, where that is not the usual one
    entity          TEXT NOT NULL,
    period          TEXT NOT NULL,
    figures         BIGINT NOT NULL,    -- every statement once
    unbound         BIGINT NOT NULL,    -- figures of a document that are of no field
    absent          TEXT NOT NULL,      -- the parts of the schema that it lacks, a list
    pass            BIGINT NOT NULL,
    rounding        BIGINT NOT NULL,
    fail            BIGINT NOT NULL,
    not_applicable  BIGINT NOT NULL,
    not_evaluated   BIGINT NOT NULL,
    errors          BIGINT NOT NULL,
    warnings        BIGINT NOT NULL,
    infos           BIGINT NOT NULL,
    accepted        BIGINT NOT NULL,
    baseline        BIGINT NOT NULL,
    PRIMARY KEY (run, input)
);
CREATE INDEX inputs_entity ON inputs (entity, period, pack, run);

-- A line for each rule of a run, over all its inputs.
CREATE TABLE rules (
    run             BIGINT NOT NULL,
    place           BIGINT NOT NULL,    -- the order of reports, from 1
    rule            TEXT NOT NULL,
    title           TEXT NOT NULL,
    severity        TEXT NOT NULL,      -- error, warning, info
    pass            BIGINT NOT NULL,
    rounding        BIGINT NOT NULL,
    fail            BIGINT NOT NULL,
    not_applicable  BIGINT NOT NULL,
    not_evaluated   BIGINT NOT NULL,
    unbound         TEXT NOT NULL,      -- why the rule decided nothing; '' when it did
    missing         TEXT NOT NULL,      -- the fields that it lacked, a list
    PRIMARY KEY (run, place)
);

CREATE TABLE findings (
    run             BIGINT NOT NULL,
    finding         BIGINT NOT NULL,    -- its number in the run, from 1, in the order of reports
    input           BIGINT NOT NULL,
    fingerprint     TEXT NOT NULL,      -- names pack, rule, entity, period and instance, the same in every run
    pack            TEXT NOT NULL,
    rule            TEXT NOT NULL,
    title           TEXT NOT NULL,
    severity        TEXT NOT NULL,      -- error, warning, info
    verdict         TEXT NOT NULL,      -- fail, rounding, not_evaluated; with --all also pass, not_applicable
    open            BOOLEAN NOT NULL,   -- it is a fail, a rounding or not evaluated, and nobody accepted it
    near            BOOLEAN NOT NULL,   -- statements differ by one unit of the last digit
    unlikely        BOOLEAN NOT NULL,   -- rounding hardly explains so much
    entity          TEXT NOT NULL,
    period          TEXT NOT NULL,
    instance        TEXT NOT NULL,
    message         TEXT NOT NULL,
    left_side       TEXT NOT NULL,      -- the sides of the comparison, possibly cut (…)
    right_side      TEXT NOT NULL,
    difference      NUMERIC,            -- left − right, to as many decimals as reports print
    cut             BOOLEAN NOT NULL,   -- the difference goes on beyond these decimals
    allowed_low     NUMERIC,            -- the differences that would not be a fail, cut as reports cut them
    allowed_high    NUMERIC,
    tolerance       TEXT NOT NULL,      -- as the rule writes it
    cause           TEXT NOT NULL,      -- a probable cause of a fail, or why it could not be evaluated
    missing         TEXT NOT NULL,      -- the fields that it lacked, a list
    basis           TEXT NOT NULL,
    hint            TEXT NOT NULL,
    accepted        TEXT NOT NULL,      -- reason, baseline; '' when nobody accepted it
    reason          TEXT NOT NULL,      -- why it was accepted, by whom, and until which day
    accepted_by     TEXT NOT NULL,
    accepted_until  TEXT NOT NULL,
    PRIMARY KEY (run, finding)
);
CREATE INDEX findings_fingerprint ON findings (fingerprint, run);
CREATE INDEX findings_rule ON findings (rule, period, run);
CREATE INDEX findings_input ON findings (run, input);

-- The figures and texts that took part in a finding.
CREATE TABLE operands (
    run             BIGINT NOT NULL,
    finding         BIGINT NOT NULL,
    operand         BIGINT NOT NULL,    -- its number in the finding, from 1
    field           TEXT NOT NULL,      -- its path in the dataset
    label           TEXT NOT NULL,
    printed         TEXT NOT NULL,      -- as printed
    value           NUMERIC,            -- the exact value in the unit; NULL for texts and missing fields
    unit            TEXT NOT NULL,
    decimals        BIGINT,             -- the place of the last digit that counts; NULL for exact values and texts
    context         BOOLEAN NOT NULL,   -- the check did not compare it, or it is of a like unit that has the same; it tells where to look
    place_path      TEXT NOT NULL,      -- where it stands in the published document, else in the data file
    place_line      BIGINT NOT NULL,    -- 0 where it is not known, as with column and page
    place_column    BIGINT NOT NULL,    -- in characters
    place_page      BIGINT NOT NULL,
    place_cell      TEXT NOT NULL,
    place_section   TEXT NOT NULL,      -- the headings above it, a list
    data_path       TEXT NOT NULL,      -- where it stands in the data file
    data_line       BIGINT NOT NULL,
    data_column     BIGINT NOT NULL,
    PRIMARY KEY (run, finding, operand)
);

-- Of each unit and period the inputs of the run that came in last, whatever else that run checked.
CREATE VIEW latest AS
SELECT i.*
FROM inputs i JOIN runs r ON r.run = i.run
WHERE r.turn = (
    SELECT max(r2.turn) FROM inputs i2 JOIN runs r2 ON r2.run = i2.run
    WHERE i2.entity = i.entity AND i2.period = i.period AND i2.pack = i.pack
);
