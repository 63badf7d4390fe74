package io.crmsdk.campaign;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.store.Store;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tables of campaigns. A member is W while it waits, Q while its message is in the outbox, T while that is being taken back, D when
 * it is finished there, F if its message could not be written or stored.
 */
final class CampaignBook {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int SAMPLES = 10;
    private static final int LONGEST = 500;

    private final Dialect dialect;

    CampaignBook(Store store) {
        this.dialect = Dialect.of(store);
    }

    /** A campaign as its row has it. */
    record Row(String id, CampaignState state, @Nullable String scope, String hash, int window) {}

    /** The last finished run of a series, and how many of its members are members now. */
    record Last(long members, long shared) {}

    /** A member that is next; {@code round} grows each time that it is taken back. */
    record Waiting(long ordinal, int round, CampaignMember member) {}

    /** A member whose message is in the outbox. */
    record Open(long ordinal, String messageId) {}

    void create(Connection connection, CampaignSpec spec, long nowUs) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT 1 FROM crm_campaign WHERE id = ?")) {
            select.setString(1, spec.id());
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    throw new CampaignException(
                            "CAMPAIGN_EXISTS",
                            "there is a campaign " + spec.id()
                                    + " already; nothing was changed, give this run an id of its own",
                            null);
                }
            }
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO crm_campaign (id, series, scope, state, hash, members, held, detail,"
                        + " most_open, created_us) VALUES (?, ?, ?, ?, '', 0, '', '', ?, ?)")) {
            insert.setString(1, spec.id());
            insert.setString(2, spec.series());
            insert.setString(3, spec.scope());
            insert.setString(4, CampaignState.GATHERING.name());
            insert.setInt(5, spec.window());
            insert.setLong(6, nowUs);
            insert.executeUpdate();
        }
    }

    /** False if the address is there already. */
    boolean add(Connection connection, String id, long ordinal, ContactKey key, CampaignMember member)
            throws SQLException {
        String address = key.channel() + ":" + key.address();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT 1 FROM crm_campaign_member WHERE campaign_id = ? AND contact = ?")) {
            select.setString(1, id);
            select.setString(2, address);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    return false;
                }
            }
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO crm_campaign_member (campaign_id, ordinal, contact, address, fields,"
                        + " state, round) VALUES (?, ?, ?, ?, ?, 'W', 0)")) {
            insert.setString(1, id);
            insert.setLong(2, ordinal);
            insert.setString(3, address);
            insert.setString(4, member.address());
            insert.setString(5, write(member.fields()));
            insert.executeUpdate();
        }
        return true;
    }

    Last last(Connection connection, CampaignSpec spec) throws SQLException {
        String select = "SELECT id, members FROM crm_campaign WHERE series = ? AND id <> ? AND state = 'FINISHED'"
                + " ORDER BY ended_us DESC, id DESC LIMIT 1";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, spec.series());
            statement.setString(2, spec.id());
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? new Last(row.getLong(2), shared(connection, row.getString(1), spec.id()))
                        : new Last(0, 0);
            }
        }
    }

    private static long shared(Connection connection, String before, String now) throws SQLException {
        return count(
                connection,
                "SELECT COUNT(*) FROM crm_campaign_member b JOIN crm_campaign_member n ON n.contact = b.contact"
                        + " WHERE b.campaign_id = ? AND n.campaign_id = ?",
                before,
                now);
    }

    void judged(Connection connection, String id, CampaignState state, String hash, long members, String held)
            throws SQLException {
        Sql.update(
                connection,
                "UPDATE crm_campaign SET state = ?, hash = ?, members = ?, held = ? WHERE id = ?",
                state.name(),
                hash,
                members,
                cut(held),
                id);
    }

    List<CampaignMember> samples(Connection connection, String id, long members) throws SQLException {
        List<CampaignMember> samples = new ArrayList<>();
        long step = Math.max(1, members / SAMPLES);
        for (long ordinal = 1 + step / 2; ordinal <= members && samples.size() < SAMPLES; ordinal += step) {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT address, fields FROM crm_campaign_member WHERE campaign_id = ? AND ordinal = ?")) {
                select.setString(1, id);
                select.setLong(2, ordinal);
                try (ResultSet row = select.executeQuery()) {
                    if (row.next()) {
                        samples.add(new CampaignMember(row.getString(1), read(row.getString(2))));
                    }
                }
            }
        }
        return samples;
    }

    /** Whoever changes a campaign has its row first. */
    Row lock(Connection connection, String id) throws SQLException {
        String select = "SELECT state, scope, hash, most_open FROM crm_campaign WHERE id = ?" + dialect.forUpdate();
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, id);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw unknown(id);
                }
                return new Row(
                        id, CampaignState.valueOf(row.getString(1)), row.getString(2), row.getString(3), row.getInt(4));
            }
        }
    }

    private static CampaignException unknown(String id) {
        return new CampaignException("CAMPAIGN_UNKNOWN", "there is no campaign " + id, null);
    }

    void move(Connection connection, String id, CampaignState state, String detail, long nowUs) throws SQLException {
        Sql.update(
                connection,
                "UPDATE crm_campaign SET state = ?, detail = ?"
                        + (state.isFinal() ? ", ended_us = ?" : ", touched_us = ?") + " WHERE id = ?",
                state.name(),
                cut(detail),
                nowUs,
                id);
    }

    void start(Connection connection, String id, long nowUs) throws SQLException {
        Sql.update(connection, "UPDATE crm_campaign SET state = 'RUNNING', started_us = ? WHERE id = ?", nowUs, id);
    }

    void window(Connection connection, String id, int messages) throws SQLException {
        Sql.update(connection, "UPDATE crm_campaign SET most_open = ? WHERE id = ?", messages, id);
    }

    List<Open> in(Connection connection, String id, String state) throws SQLException {
        List<Open> open = new ArrayList<>();
        String select =
                "SELECT ordinal, message_id FROM crm_campaign_member WHERE campaign_id = ? AND state = ? ORDER BY ordinal";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, id);
            statement.setString(2, state);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    open.add(new Open(row.getLong(1), row.getString(2)));
                }
            }
        }
        return open;
    }

    List<Waiting> next(Connection connection, String id, int most) throws SQLException {
        List<Waiting> next = new ArrayList<>();
        String select =
                "SELECT ordinal, round, address, fields FROM crm_campaign_member WHERE campaign_id = ? AND state = 'W'"
                        + " ORDER BY ordinal LIMIT " + most;
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, id);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    CampaignMember member = new CampaignMember(row.getString(3), read(row.getString(4)));
                    next.add(new Waiting(row.getLong(1), row.getInt(2), member));
                }
            }
        }
        return next;
    }

    boolean isDone(Connection connection, String id) throws SQLException {
        return count(
                        connection,
                        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM crm_campaign_member WHERE campaign_id = ?"
                                + " AND state IN ('W', 'Q', 'T') LIMIT 1) open_ones",
                        id)
                == 0;
    }

    void queued(Connection connection, String id, long ordinal, String messageId) throws SQLException {
        Sql.update(
                connection,
                "UPDATE crm_campaign_member SET state = 'Q', message_id = ? WHERE campaign_id = ? AND ordinal = ?",
                messageId,
                id,
                ordinal);
    }

    void failed(Connection connection, String id, long ordinal, String code) throws SQLException {
        Sql.update(
                connection,
                "UPDATE crm_campaign_member SET state = 'F', failure = ? WHERE campaign_id = ? AND ordinal = ?",
                code.length() > 80 ? code.substring(0, 80) : code,
                id,
                ordinal);
    }

    void done(Connection connection, String id, long ordinal) throws SQLException {
        Sql.update(
                connection,
                "UPDATE crm_campaign_member SET state = 'D' WHERE campaign_id = ? AND ordinal = ? AND state IN ('Q', 'T')",
                id,
                ordinal);
    }

    void taking(Connection connection, String id) throws SQLException {
        Sql.update(connection, "UPDATE crm_campaign_member SET state = 'T' WHERE campaign_id = ? AND state = 'Q'", id);
    }

    /** It was withdrawn before it left: it goes out again, under a key of its own. */
    void takenBack(Connection connection, String id, long ordinal) throws SQLException {
        Sql.update(
                connection,
                "UPDATE crm_campaign_member SET state = 'W', round = round + 1, message_id = NULL"
                        + " WHERE campaign_id = ? AND ordinal = ? AND state = 'T'",
                id,
                ordinal);
    }

    /** It could not be withdrawn any more. */
    void left(Connection connection, String id, long ordinal) throws SQLException {
        Sql.update(
                connection,
                "UPDATE crm_campaign_member SET state = 'Q' WHERE campaign_id = ? AND ordinal = ? AND state = 'T'",
                id,
                ordinal);
    }

    CampaignProgress progress(Connection connection, String id, long nowUs) throws SQLException {
        Map<String, Long> counts = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT state, COUNT(*) FROM crm_campaign_member WHERE campaign_id = ? GROUP BY state")) {
            statement.setString(1, id);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    counts.put(row.getString(1), row.getLong(2));
                }
            }
        }
        String select = "SELECT state, detail, started_us, ended_us FROM crm_campaign WHERE id = ?";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, id);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw unknown(id);
                }
                long failed = counts.getOrDefault("F", 0L);
                long done = counts.getOrDefault("D", 0L) + failed;
                long started = row.getLong(3);
                Instant startedAt = row.wasNull() ? null : instant(started);
                long ended = row.getLong(4);
                double minutes = ((row.wasNull() ? nowUs : ended) - started) / 60e6;
                return new CampaignProgress(
                        id,
                        CampaignState.valueOf(row.getString(1)),
                        counts.values().stream().mapToLong(Long::longValue).sum(),
                        counts.getOrDefault("W", 0L) + counts.getOrDefault("T", 0L),
                        counts.getOrDefault("Q", 0L),
                        done,
                        failed,
                        row.getString(2),
                        startedAt,
                        startedAt == null || minutes <= 0 ? 0 : done / minutes);
            }
        }
    }

    void audit(Connection connection, String id, String kind, String by, String why, long nowUs) throws SQLException {
        long number = count(connection, "SELECT COUNT(*) FROM crm_campaign_event WHERE campaign_id = ?", id) + 1;
        Sql.update(
                connection,
                "INSERT INTO crm_campaign_event (campaign_id, number, at_us, kind, by_whom, why) VALUES (?, ?, ?, ?, ?, ?)",
                id,
                number,
                nowUs,
                kind,
                cut(by),
                cut(why));
    }

    List<String> history(Connection connection, String id) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT at_us, kind, by_whom, why FROM crm_campaign_event WHERE campaign_id = ? ORDER BY number")) {
            statement.setString(1, id);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    lines.add(instant(row.getLong(1)) + " " + row.getString(2) + " by " + row.getString(3) + ": "
                            + row.getString(4));
                }
            }
        }
        return lines;
    }

    private static long count(Connection connection, String select, String... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setString(i + 1, arguments[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    private static String write(Map<String, String> fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            for (Map.Entry<String, String> field : fields.entrySet()) {
                json.writeStringField(field.getKey(), field.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static Map<String, String> read(String text) {
        Map<String, String> fields = new TreeMap<>();
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                fields.put(name, json.getText());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return fields;
    }
}
