package io.crmsdk.sync;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a complete comparison of both sides found, under a hash that names exactly these findings. It holds ids of records, names of
 * fields, counts and totals, and no other values. Immutable; the findings themselves are in the store.
 *
 * <p>It says what both sides gave while they were read. What somebody changed meanwhile, and what the next run would have brought
 * over, differs too.
 */
public final class ReconcileReport {
    private final Setup setup;
    private final String hash;
    private final Reckoning reckoning;

    ReconcileReport(Setup setup, String hash, Reckoning reckoning) {
        this.setup = setup;
        this.hash = hash;
        this.reckoning = reckoning;
    }

    /**
     * The money of one field in one currency, over all records of each side.
     *
     * @param field the amount's path, in the target's words
     * @param currency as the records write it; {@code ?} if they name none
     * @param source the source's sum, exact
     * @param target the target's sum, exact
     */
    public record Total(String field, String currency, BigDecimal source, BigDecimal target) {
        /** Amounts without trailing zeros, so that equal ones are equal. */
        public Total {
            source = plain(source);
            target = plain(target);
        }

        private static BigDecimal plain(BigDecimal amount) {
            BigDecimal stripped = amount.stripTrailingZeros();
            return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
        }

        /** Whether both sums are the same amount. */
        public boolean agrees() {
            return source.compareTo(target) == 0;
        }
    }

    /** The name of the pair. */
    public String pair() {
        return setup.pair();
    }

    /** SHA-256 of the pair, its translation and all findings; {@link SyncPair#planRepair} takes it. */
    public String hash() {
        return hash;
    }

    /** Whether nothing was found and all totals agree. */
    public boolean isEqual() {
        return count() == 0 && reckoning.totals().stream().allMatch(Total::agrees);
    }

    /** When the reading began. */
    public Instant started() {
        return Instant.EPOCH.plus(reckoning.startedMicros(), ChronoUnit.MICROS);
    }

    /** When the comparison ended. */
    public Instant ended() {
        return Instant.EPOCH.plus(reckoning.endedMicros(), ChronoUnit.MICROS);
    }

    /** How many records a side gave, archived ones left out. */
    public long records(Side side) {
        return side == Side.SOURCE ? reckoning.source() : reckoning.target();
    }

    /** How many links there are. */
    public long linked() {
        return reckoning.linked();
    }

    /** How many linked pairs of records say the same. */
    public long equal() {
        return reckoning.equal();
    }

    /** How many findings there are. */
    public long count() {
        return reckoning.kinds().values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many findings of a kind there are. */
    public long count(Difference.Kind kind) {
        return reckoning.kinds().getOrDefault(kind, 0L);
    }

    /** How many findings name a field, by field. */
    public Map<String, Long> fields() {
        return Map.copyOf(reckoning.fields());
    }

    /** The money of both sides; empty unless the pair was built with {@link SyncPair.Builder#money}. */
    public List<Total> totals() {
        return reckoning.totals();
    }

    /** Up to ten findings of each kind, those of consent first. */
    public List<Difference> samples() {
        return reckoning.samples();
    }

    /** How many records a side gave again on a later page; they are counted once. */
    public long repeated() {
        return reckoning.repeated();
    }

    /**
     * How many direct looks were left out, since a comparison makes at most 10,000 of them: so many times a listing alone says that
     * something is missing.
     */
    public long unconfirmed() {
        return reckoning.unconfirmed();
    }

    /** How many of the 65,536 buckets had to be compared field by field. */
    public long buckets() {
        return reckoning.buckets();
    }

    /**
     * Calls with every finding, those of consent first, then by kind and record, a page in memory at a time; nothing of this report
     * once the pair was compared again.
     */
    public void forEach(Consumer<Difference> consumer) {
        new CheckBooks(setup.store(), setup.pair()).each(consumer);
    }

    /** The numbers, totals and samples as one JSON object; bounded, however many findings there are. */
    public String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("pair", pair());
            out.writeStringField("hash", hash);
            out.writeBooleanField("equal", isEqual());
            out.writeStringField("started", started().toString());
            out.writeStringField("ended", ended().toString());
            out.writeObjectFieldStart("records");
            out.writeNumberField("source", records(Side.SOURCE));
            out.writeNumberField("target", records(Side.TARGET));
            out.writeNumberField("linked", linked());
            out.writeNumberField("equal", equal());
            out.writeNumberField("repeated", repeated());
            out.writeNumberField("unconfirmed", unconfirmed());
            out.writeEndObject();
            out.writeObjectFieldStart("findings");
            for (Difference.Kind kind : Difference.Kind.values()) {
                out.writeNumberField(word(kind), count(kind));
            }
            out.writeEndObject();
            out.writeObjectFieldStart("fields");
            for (Map.Entry<String, Long> field : reckoning.fields().entrySet()) {
                out.writeNumberField(field.getKey(), field.getValue());
            }
            out.writeEndObject();
            writeLists(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private void writeLists(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("totals");
        for (Total total : totals()) {
            out.writeStartObject();
            out.writeStringField("field", total.field());
            out.writeStringField("currency", total.currency());
            out.writeStringField("source", total.source().toPlainString());
            out.writeStringField("target", total.target().toPlainString());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("samples");
        for (Difference sample : samples()) {
            out.writeStartObject();
            out.writeStringField("kind", word(sample.kind()));
            out.writeStringField("source", sample.sourceId());
            out.writeStringField("target", sample.targetId());
            out.writeArrayFieldStart("fields");
            for (String field : sample.fields()) {
                out.writeString(field);
            }
            out.writeEndArray();
            if (sample.optedOut() != null) {
                out.writeStringField("optedOut", sample.optedOut().name().toLowerCase(Locale.ROOT));
            }
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    static String word(Difference.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The same as one HTML page with charts that needs nothing else: no script, no style or picture from elsewhere. Well-formed as
     * XML too.
     */
    public String html() {
        return new ReconcilePage(this).html();
    }

    @Override
    public String toString() {
        return "ReconcileReport[" + hash.substring(0, Math.min(12, hash.length())) + ", " + records(Side.SOURCE)
                + " and " + records(Side.TARGET) + " records, " + count() + " findings]";
    }
}
