-- Under which name the same rows were read first, so that a renamed copy of a sheet is the same source.
CREATE TABLE crm_import_source (
    fingerprint VARCHAR(128) COLLATE "C" NOT NULL,
    source VARCHAR(100) NOT NULL,
    first_us BIGINT NOT NULL,
    PRIMARY KEY (fingerprint)
);
