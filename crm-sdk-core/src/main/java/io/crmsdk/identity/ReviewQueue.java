package io.crmsdk.identity;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.crmsdk.identity.ReviewItem.State;
import io.crmsdk.store.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pairs that may be one customer, for people to answer. Answers are remembered with author and reason.
 *
 * <p>About each two customers one pair of their records is asked, the most telling. Which pairs these are depends on nothing but
 * the records and what people decided: not on the order in which they came, and a {@link Resolver} asks the same.
 *
 * <p>The queue shows at most as many pairs as the rules allow per 1,000 records, the most telling first; what does not fit waits
 * below the line and moves up. A pair disappears by itself when later evidence settles it. Thread-safe; writes in the
 * transaction of the connection it is given.
 */
public final class ReviewQueue {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int LEAST_SHOWN = 20;

    private final Store store;
    private final MatchRules rules;
    private final RecordTable records;
    private final Questions questions;
    private final MergeLog merges;

    ReviewQueue(Store store, MatchRules rules, RecordTable records, Questions questions, MergeLog merges) {
        this.store = store;
        this.rules = rules;
        this.records = records;
        this.questions = questions;
        this.merges = merges;
    }

    /** The most telling open pairs, at most {@code limit} and never more than the rules allow for so many records. */
    public List<ReviewItem> open(int limit) {
        return store.read(connection -> questions.open(connection, Math.min(limit, shown(connection))));
    }

    private int shown(Connection connection) throws SQLException {
        long most = (long) records.count(connection) * rules.reviewPerThousand() / 1000;
        return (int) Math.max(LEAST_SHOWN, most);
    }

    /** Pairs in a state, the most telling first, at most {@code limit}; without the bound of {@link #open}. */
    public List<ReviewItem> in(State state, int limit) {
        return store.read(connection ->
                state == State.OPEN ? questions.open(connection, limit) : questions.answered(connection, state, limit));
    }

    /** How many pairs of customers are open, those below the line too. */
    public int openPairs() {
        return store.read(connection -> questions.openPairs(connection));
    }

    /**
     * They are one customer: merges the two.
     *
     * @param pair {@link ReviewItem#pair()}
     * @throws IdentityException {@code IDENTITY_VETO} if something says that they are two; ask again, then
     *     {@link #acceptDespite}. {@code IDENTITY_ANSWERED} if the pair is not open (any more)
     */
    public MergeEntry accept(Connection connection, String pair, String author, @Nullable String reason)
            throws SQLException {
        return accept(connection, pair, author, reason, false);
    }

    /**
     * As {@link #accept}, also against what says that they are two. Who calls it has read why {@link #accept} refused; that is not checked
     * here.
     */
    public MergeEntry acceptDespite(Connection connection, String pair, String author, @Nullable String reason)
            throws SQLException {
        return accept(connection, pair, author, reason, true);
    }

    private MergeEntry accept(
            Connection connection, String pair, String author, @Nullable String reason, boolean despite)
            throws SQLException {
        ReviewItem item = open(connection, pair);
        MergeEntry entry = despite
                ? merges.mergeDespite(connection, item.recordA(), item.recordB(), author, reason)
                : merges.merge(connection, item.recordA(), item.recordB(), author, reason);
        questions.settle(connection, item, State.ACCEPTED, author, reason, store.nowMicros(connection));
        return entry;
    }

    /**
     * Not with this evidence: no pair of the two customers is shown again unless its evidence changes.
     *
     * @param pair {@link ReviewItem#pair()}
     * @throws IdentityException {@code IDENTITY_ANSWERED} if the pair is not open (any more)
     */
    public void reject(Connection connection, String pair, String author, @Nullable String reason) throws SQLException {
        ReviewItem item = open(connection, pair);
        List<ReviewItem> others = questions.beside(connection, item);
        long now = store.nowMicros(connection);
        questions.settle(connection, item, State.REJECTED, author, reason, now);
        for (ReviewItem other : others) {
            questions.settle(connection, other, State.REJECTED, author, reason, now);
        }
    }

    /** They are two customers: they are never linked and never asked about again, unless a person merges them. */
    public MergeEntry never(Connection connection, String pair, String author, @Nullable String reason)
            throws SQLException {
        ReviewItem item = open(connection, pair);
        List<ReviewItem> others = questions.beside(connection, item);
        MergeEntry entry = merges.keepApart(connection, item.recordA(), item.recordB(), author, reason);
        long now = store.nowMicros(connection);
        questions.settle(connection, item, State.NEVER, author, reason, now);
        for (ReviewItem other : others) {
            questions.settle(connection, other, State.NEVER, author, reason, now);
        }
        return entry;
    }

    private ReviewItem open(Connection connection, String pair) throws SQLException {
        ReviewItem item = questions.find(connection, pair);
        if (item == null || item.state() != State.OPEN) {
            throw new IdentityException(
                    "IDENTITY_ANSWERED",
                    "pair " + pair + (item == null ? " is not asked about" : " was answered: " + item.state())
                            + "; nothing was changed",
                    null);
        }
        return item;
    }

    /**
     * Writes the open pairs as JSON Lines, one object a pair: {@code pair}, {@code code}, {@code score}, {@code why}, and
     * {@code answer}, {@code author} and {@code reason} to be filled in. Holds no value of any record.
     *
     * @return how many were written
     */
    public int export(Writer to, int limit) {
        List<ReviewItem> items = open(limit);
        try {
            for (ReviewItem item : items) {
                to.write(line(item));
                to.write('\n');
            }
            to.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return items.size();
    }

    private static String line(ReviewItem item) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("pair", item.pair());
            out.writeStringField("code", item.code());
            out.writeNumberField("score", item.score());
            out.writeArrayFieldStart("why");
            for (String why : item.why()) {
                out.writeString(why);
            }
            out.writeEndArray();
            out.writeStringField("answer", "");
            out.writeStringField("author", "");
            out.writeStringField("reason", "");
            out.writeEndObject();
        }
        return text.toString();
    }

    /**
     * Reads answers from JSON Lines as {@link #export} wrote them: {@code answer} is {@code accept}, {@code despite} (accept
     * against a veto), {@code reject}, {@code never}, or empty for a pair that stays open. Each line is a transaction of its own,
     * so a line that fails leaves the others.
     *
     * @return one report a line that was not empty, in order
     */
    public List<Imported> importAnswers(Reader from) {
        List<Imported> reports = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(from)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    reports.add(imported(number, line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return reports;
    }

    private Imported imported(int number, String line) {
        try {
            Map<String, String> fields = fields(line);
            String answer = fields.getOrDefault("answer", "").strip().toLowerCase(Locale.ROOT);
            if (answer.isEmpty()) {
                return new Imported(number, "OPEN", null);
            }
            String author = fields.getOrDefault("author", "").strip();
            if (author.isEmpty()) {
                return new Imported(number, "IDENTITY_AUTHOR", "line " + number + ": who answers? author is empty");
            }
            store.inTransaction(connection -> {
                answer(connection, answer, fields.getOrDefault("pair", ""), author, fields.get("reason"));
                return true;
            });
            return new Imported(number, "DONE", null);
        } catch (IOException e) {
            return new Imported(number, "IDENTITY_ANSWER", "line " + number + ": not a JSON object");
        } catch (IdentityException e) {
            return new Imported(number, e.code(), "line " + number + ": " + e.getMessage());
        }
    }

    private void answer(Connection connection, String answer, String pair, String author, @Nullable String reason)
            throws SQLException {
        switch (answer) {
            case "accept" -> accept(connection, pair, author, reason);
            case "despite" -> acceptDespite(connection, pair, author, reason);
            case "reject" -> reject(connection, pair, author, reason);
            case "never" -> never(connection, pair, author, reason);
            default ->
                throw new IdentityException(
                        "IDENTITY_ANSWER", "expected accept, despite, reject or never, got " + answer, null);
        }
    }

    private static Map<String, String> fields(String line) throws IOException {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser in = JSON.createParser(line)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not an object");
            }
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                if (in.nextToken() == JsonToken.VALUE_STRING) {
                    fields.put(name, in.getText());
                } else {
                    in.skipChildren();
                }
            }
        }
        return fields;
    }

    /**
     * What became of one line of answers.
     *
     * @param line its number, from 1
     * @param code {@code DONE}, {@code OPEN} if no answer was given, or the code of what was wrong
     * @param message what was wrong; null if nothing was
     */
    public record Imported(int line, String code, @Nullable String message) {}
}
