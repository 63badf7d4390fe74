package io.crmsdk.sync;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The numbers and samples of a comparison, as kept beside its findings; bounded, however many there are. */
record Reckoning(
        long startedMicros,
        long endedMicros,
        long source,
        long target,
        long linked,
        long equal,
        long repeated,
        long unconfirmed,
        long buckets,
        Map<Difference.Kind, Long> kinds,
        Map<String, Long> fields,
        List<ReconcileReport.Total> totals,
        List<Difference> samples) {

    String json() {
        Fields.Builder text = Fields.builder();
        number(text, "started", startedMicros);
        number(text, "ended", endedMicros);
        number(text, "source", source);
        number(text, "target", target);
        number(text, "linked", linked);
        number(text, "equal", equal);
        number(text, "repeated", repeated);
        number(text, "unconfirmed", unconfirmed);
        number(text, "buckets", buckets);
        kinds.forEach((kind, count) -> number(text, "kinds." + kind, count));
        int place = 0;
        for (Map.Entry<String, Long> field : fields.entrySet()) {
            text.text("fields." + place + ".name", field.getKey());
            number(text, "fields." + place++ + ".count", field.getValue());
        }
        for (int i = 0; i < totals.size(); i++) {
            write(text, "totals." + i + ".", totals.get(i));
        }
        for (int i = 0; i < samples.size(); i++) {
            write(text, "samples." + i + ".", samples.get(i));
        }
        return text.build().json();
    }

    private static void number(Fields.Builder text, String name, long value) {
        text.number(name, BigDecimal.valueOf(value));
    }

    private static void write(Fields.Builder text, String place, ReconcileReport.Total total) {
        text.text(place + "field", total.field()).text(place + "currency", total.currency());
        text.number(place + "source", total.source()).number(place + "target", total.target());
    }

    private static void write(Fields.Builder text, String place, Difference sample) {
        text.text(place + "kind", sample.kind().name());
        text.text(place + "source", sample.sourceId()).text(place + "target", sample.targetId());
        text.text(
                place + "optedOut",
                sample.optedOut() == null ? null : sample.optedOut().name());
        for (int i = 0; i < sample.fields().size(); i++) {
            text.text(place + "fields." + i, sample.fields().get(i));
        }
    }

    static Reckoning parse(String json) {
        Fields text = Fields.parse(json);
        Map<Difference.Kind, Long> kinds = new EnumMap<>(Difference.Kind.class);
        for (Difference.Kind kind : Difference.Kind.values()) {
            kinds.put(kind, number(text, "kinds." + kind));
        }
        Map<String, Long> fields = new TreeMap<>();
        for (int i = 0; text.get("fields." + i + ".name") != null; i++) {
            fields.put(String.valueOf(text.text("fields." + i + ".name")), number(text, "fields." + i + ".count"));
        }
        List<ReconcileReport.Total> totals = new ArrayList<>();
        for (int i = 0; text.get("totals." + i + ".field") != null; i++) {
            totals.add(total(text, "totals." + i + "."));
        }
        List<Difference> samples = new ArrayList<>();
        for (int i = 0; text.get("samples." + i + ".kind") != null; i++) {
            samples.add(sample(text, "samples." + i + "."));
        }
        return new Reckoning(
                number(text, "started"),
                number(text, "ended"),
                number(text, "source"),
                number(text, "target"),
                number(text, "linked"),
                number(text, "equal"),
                number(text, "repeated"),
                number(text, "unconfirmed"),
                number(text, "buckets"),
                kinds,
                fields,
                List.copyOf(totals),
                List.copyOf(samples));
    }

    private static ReconcileReport.Total total(Fields text, String place) {
        return new ReconcileReport.Total(
                String.valueOf(text.text(place + "field")),
                String.valueOf(text.text(place + "currency")),
                decimal(text, place + "source"),
                decimal(text, place + "target"));
    }

    private static Difference sample(Fields text, String place) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; text.get(place + "fields." + i) != null; i++) {
            fields.add(String.valueOf(text.text(place + "fields." + i)));
        }
        String side = text.text(place + "optedOut");
        return new Difference(
                Difference.Kind.valueOf(String.valueOf(text.text(place + "kind"))),
                text.text(place + "source"),
                text.text(place + "target"),
                fields,
                side == null ? null : Side.valueOf(side));
    }

    private static long number(Fields text, String name) {
        String value = text.get(name);
        return value == null ? 0 : Long.parseLong(value);
    }

    private static BigDecimal decimal(Fields text, String name) {
        String value = text.get(name);
        return value == null ? BigDecimal.ZERO : new BigDecimal(value);
    }
}
