-- Mails that came back, each once by its content, with their bytes: they hold personal values and need the protection of the records
-- themselves. kind and outcome are empty until all that follows from a mail is done. All instants are epoch microseconds, UTC.
CREATE TABLE crm_report (
    content_key VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
    received_us BIGINT NOT NULL,
    bytes INTEGER NOT NULL,
    content LONGBLOB NOT NULL,
    kind VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    outcome VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
) ENGINE = InnoDB;

CREATE INDEX crm_report_outcome ON crm_report (outcome, received_us);
