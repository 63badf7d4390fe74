-- An answer that was given where the definition is not known, until an engine that knows it goes on: then next_us is one less than
-- beyond all time.
ALTER TABLE crm_followup ADD COLUMN answer VARCHAR(16) COLLATE "C";

-- For taking out what ended long ago.
CREATE INDEX crm_followup_ended ON crm_followup (ended_us);
