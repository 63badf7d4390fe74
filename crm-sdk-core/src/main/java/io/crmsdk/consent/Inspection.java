package io.crmsdk.consent;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks through a whole ledger, in pages and with constant memory: is the chain unbroken, do the states say what the events say. */
final class Inspection {
    private static final int PAGE = 500;
    private static final int MOST_FINDINGS = 100;

    private final Connection connection;
    private final KeyTable keys;
    private final List<String> findings = new ArrayList<>();
    private long events;
    private long compared;

    Inspection(Connection connection, KeyTable keys) {
        this.connection = connection;
        this.keys = keys;
    }

    ConsentCheck run(Head head) throws SQLException {
        Link last = new Link(0, "", "0".repeat(64));
        for (List<Link> page = page(last); !page.isEmpty(); page = page(last)) {
            last = page.get(page.size() - 1);
        }
        if (last.position != head.position() || !last.chain.equals(head.chain())) {
            find("the ledger ends at " + last.position + ", its head says " + head.position());
        }
        compareStates("SELECT DISTINCT key_id FROM crm_consent_entry WHERE wide = 0 AND key_id > ?"
                + " ORDER BY key_id LIMIT " + PAGE);
        compareStates("SELECT key_id FROM crm_consent_key WHERE key_id > ? ORDER BY key_id LIMIT " + PAGE);
        return new ConsentCheck(events, compared, findings);
    }

    private void find(String finding) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(finding);
        }
    }

    private List<Link> page(Link before) throws SQLException {
        String select = "SELECT position, id, stamp, body, chain FROM crm_consent_event WHERE position > ?"
                + " ORDER BY position LIMIT " + PAGE;
        List<Link> page = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setLong(1, before.position);
            try (ResultSet row = statement.executeQuery()) {
                Link last = before;
                while (row.next()) {
                    last = follow(last, row);
                    page.add(last);
                }
            }
        }
        return page;
    }

    private Link follow(Link before, ResultSet row) throws SQLException {
        long position = row.getLong(1);
        String id = row.getString(2);
        String chain = row.getString(5);
        if (position != before.position + 1) {
            find("events " + (before.position + 1) + " to " + (position - 1) + " are missing");
        } else if (!EventLog.chain(before.chain, position, id, row.getString(3), row.getString(4))
                .equals(chain)) {
            find("event " + position + " (" + id + ") is not what was recorded");
        }
        events++;
        return new Link(position, id, chain);
    }

    private void compareStates(String select) throws SQLException {
        String after = "";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            while (true) {
                List<String> page = new ArrayList<>();
                statement.setString(1, after);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        page.add(row.getString(1));
                    }
                }
                if (page.isEmpty()) {
                    return;
                }
                keys.stale(connection, page)
                        .forEach(key -> find("the state of " + key + " is not what its events say"));
                compared += page.size();
                after = page.get(page.size() - 1);
            }
        }
    }

    private record Link(long position, String id, String chain) {}
}
