package io.crmsdk.erp.tryton;

import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpOutcome;
import io.crmsdk.sync.Capabilities;
import io.crmsdk.sync.Cause;
import io.crmsdk.sync.Connector;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.Found;
import io.crmsdk.sync.Page;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.sync.Write;
import io.crmsdk.sync.Written;
import io.crmsdk.time.UtcClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parties of a Tryton database, in the words {@code code}, {@code name}, {@code email}, {@code phone}, {@code mobile},
 * {@code fax} and {@code website}; a way of contact is the first of its type that is in use, all others are left alone.
 *
 * <p>A changed address of a party leaves no trace in the party itself, so changes are asked for over both, and a version is that of
 * both. Archiving takes the party out of use, as its users do. The engine's key is kept as an identifier without a type that starts
 * with {@code crm-sdk:}. A write is bound to the version that was read twice: the values are compared before it, and the server
 * compares its own stamps within its transaction; those are microseconds on PostgreSQL and whole seconds on SQLite, where somebody
 * who writes between the two looks and within the same second is overwritten. Nothing is written while the server's clock and ours
 * differ by more than two minutes ({@code TRYTON_CLOCK}). Thread-safe.
 */
public final class TrytonParties implements Connector {
    private static final String MODEL = "model.party.party.";
    private static final int PAGE = 200;
    private static final Duration LATE = Duration.ofMinutes(10);
    private static final Map<String, Object> EVERYTHING = Map.<String, Object>of("active_test", false);

    private final TrytonServer server;
    private final Capabilities capabilities;

    private TrytonParties(TrytonServer server, String instance) {
        this.server = Objects.requireNonNull(server, "server");
        this.capabilities = Capabilities.builder("tryton", instance, "party.party")
                .changesByToken()
                .deletes(Capabilities.Deletes.ABSENT)
                .keys(Capabilities.Keys.SEARCH, Duration.ZERO)
                .conditionalWrites()
                .pageSize(PAGE)
                .build();
    }

    /**
     * A connector; closing it closes the server's.
     *
     * @param instance which of several databases this is; may be empty
     */
    public static TrytonParties of(TrytonServer server, String instance) {
        return new TrytonParties(server, instance);
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Page list(@Nullable String next, int limit) {
        Object active = List.<Object>of("active", "=", true);
        List<RemoteRecord> records = search(List.<Object>of(active, List.<Object>of("id", ">", after(next))), limit);
        return records.isEmpty() ? Page.last(records) : Page.of(records, lastId(records));
    }

    private static long after(@Nullable String id) {
        return id == null ? 0 : Long.parseLong(id);
    }

    private static String lastId(List<RemoteRecord> records) {
        return records.get(records.size() - 1).id();
    }

    /** The server's own time, less what a long transaction may take until its changes show. */
    @Override
    public String token() {
        HttpAnswer answer = TrytonServer.accepted(
                server.call(MODEL + "search_count", List.<Object>of(List.<Object>of()), EVERYTHING, true));
        Instant now = answer.date().orElseGet(() -> UtcClock.system().instant());
        return now.minus(LATE).getEpochSecond() + ":0";
    }

    @Override
    public Page changesAfter(String token, int limit) {
        String[] parts = token.split(":", 2);
        Instant since;
        long after;
        try {
            since = Instant.ofEpochSecond(Long.parseLong(parts[0]));
            after = Long.parseLong(parts[parts.length - 1]);
        } catch (NumberFormatException e) {
            ConnectorException expired = ConnectorException.cursorExpired();
            expired.addSuppressed(e);
            throw expired;
        }
        List<RemoteRecord> records =
                search(List.<Object>of(changedSince(since), List.<Object>of("id", ">", after)), limit);
        return records.isEmpty() ? Page.last(records) : Page.of(records, parts[0] + ":" + lastId(records));
    }

    /** {@code write_date} is empty until the first change. */
    private static Object changedSince(Instant since) {
        Object moment = Json.moment(since);
        return List.<Object>of(
                "OR",
                List.<Object>of("write_date", ">=", moment),
                List.<Object>of("create_date", ">=", moment),
                List.<Object>of("contact_mechanisms.write_date", ">=", moment),
                List.<Object>of("contact_mechanisms.create_date", ">=", moment));
    }

    private List<RemoteRecord> search(List<Object> domain, int limit) {
        return parties(domain, limit).stream().map(PartyRecord::record).toList();
    }

    private List<PartyRecord> parties(List<Object> domain, int limit) {
        return server.read("party.party", domain, limit, PartyRecord.ASKED).stream()
                .map(PartyRecord::new)
                .toList();
    }

    private @Nullable PartyRecord party(String id) {
        if (!id.matches("\\d{1,18}")) {
            return null;
        }
        List<PartyRecord> found = parties(List.<Object>of(List.<Object>of("id", "=", Long.parseLong(id))), 1);
        return found.isEmpty() ? null : found.get(0);
    }

    @Override
    public Found fetch(String id) {
        PartyRecord party = party(id);
        return party == null || party.record().gone() ? new Found.Gone() : new Found.Present(party.record());
    }

    @Override
    public List<RemoteRecord> find(String key) {
        return search(List.<Object>of(List.<Object>of("identifiers.code", "=", PartyRecord.KEY + key)), 10);
    }

    @Override
    public List<Written> write(List<Write> writes) {
        server.refuseWrongClock();
        List<Written> results = new ArrayList<>();
        for (Write write : writes) {
            results.add(one(write));
        }
        return results;
    }

    private Written one(Write write) {
        if (write instanceof Write.Create create) {
            return create(create);
        }
        boolean archives = write instanceof Write.Archive;
        String id = archives ? ((Write.Archive) write).id() : ((Write.Update) write).id();
        String expected =
                archives ? ((Write.Archive) write).expectedVersion() : ((Write.Update) write).expectedVersion();
        PartyRecord now = party(id);
        if (now == null) {
            return new Written.Refused(write.ref(), Cause.DATA, "TRYTON_GONE", "there is no such party");
        }
        if (expected != null && !expected.equals(now.record().version())) {
            return new Written.Changed(write.ref(), Optional.of(now.record()));
        }
        Map<String, Object> values = archives
                ? new LinkedHashMap<>(Map.<String, Object>of("active", false))
                : PartyValues.update(((Write.Update) write).changes(), now);
        Map<String, Object> context = Map.<String, Object>of("_timestamp", now.timestamps(), "active_test", false);
        List<Object> parameters = List.<Object>of(List.<Object>of(Long.parseLong(id)), values);
        return outcome(write.ref(), id, server.call(MODEL + "write", parameters, context, false));
    }

    private Written create(Write.Create create) {
        Map<String, Object> values = PartyValues.create(create.fields(), PartyRecord.KEY + create.key());
        HttpOutcome outcome = server.call(
                MODEL + "create", List.<Object>of(List.<Object>of(values)), Map.<String, Object>of(), false);
        if (!(outcome instanceof HttpOutcome.Accepted accepted)) {
            return outcome(create.ref(), "", outcome);
        }
        String result = String.valueOf(Fields.parse(accepted.answer().utf8()).get("result"));
        return result.matches("\\[\\d+\\]")
                ? stored(create.ref(), result.substring(1, result.length() - 1))
                : new Written.Unknown(create.ref(), "TRYTON_NO_ID");
    }

    private Written outcome(String ref, String id, HttpOutcome outcome) {
        if (outcome instanceof HttpOutcome.Accepted) {
            return stored(ref, id);
        }
        if (outcome instanceof HttpOutcome.Refused refused) {
            String error = TrytonServer.error(refused.answer());
            return switch (error) {
                case "ConcurrencyException" -> new Written.Changed(ref, Optional.empty());
                case "" ->
                    new Written.Refused(
                            ref, Cause.DATA, "HTTP_" + refused.answer().status(), "declined");
                default -> new Written.Refused(ref, Cause.DATA, "TRYTON_" + error, "declined with " + error);
            };
        }
        ConnectorException why = ConnectorException.of(outcome);
        if (why.kind() == Cause.PERMISSION) {
            return new Written.Refused(ref, Cause.PERMISSION, why.code(), "the session was not taken");
        }
        return outcome instanceof HttpOutcome.NotTaken
                ? new Written.NotTaken(ref, why.kind(), why.code())
                : new Written.Unknown(ref, why.code());
    }

    /** What the server made of it; that this cannot be read does not undo the write. */
    private Written stored(String ref, String id) {
        try {
            PartyRecord party = party(id);
            return party == null ? new Written.Accepted(ref, id) : new Written.Stored(ref, party.record());
        } catch (ConnectorException e) {
            return new Written.Accepted(ref, id);
        }
    }

    @Override
    public void close() {
        server.close();
    }

    @Override
    public String toString() {
        return "TrytonParties[" + server + "]";
    }
}
