-- Mails that came back, each once by its content, with their bytes: they hold personal values and need the protection of the records
-- themselves. kind and outcome are empty until all that follows from a mail is done. All instants are epoch microseconds, UTC.
CREATE TABLE crm_report (
    content_key VARCHAR(64) NOT NULL PRIMARY KEY,
    received_us BIGINT NOT NULL,
    bytes INTEGER NOT NULL,
    content BLOB NOT NULL,
    kind VARCHAR(64),
    outcome VARCHAR(64)
);

CREATE INDEX crm_report_outcome ON crm_report (outcome, received_us);
