-- A row here keeps back what goes to one destination, the part of an address behind the at sign; there is none while it runs.
-- What a worker met of it waits in the queue table with a due time beyond any other, as what waits for its turn does.
CREATE TABLE crm_delivery_destination_pause (
    destination VARCHAR(255) NOT NULL PRIMARY KEY,
    since_us BIGINT NOT NULL,
    by_whom VARCHAR(100) NOT NULL,
    why VARCHAR(1000) NOT NULL
);
