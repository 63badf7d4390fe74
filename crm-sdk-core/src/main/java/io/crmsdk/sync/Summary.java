package io.crmsdk.sync;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** The numbers and holds of a plan, as kept beside it. */
record Summary(
        long linked,
        long seen,
        long creates,
        long updates,
        long archives,
        long blanked,
        long reassigned,
        long conflicts,
        long drifted,
        long swinging,
        List<Hold> holds) {

    static Summary of(Tally tally, List<Hold> holds) {
        return new Summary(
                tally.linked,
                tally.seen,
                tally.creates,
                tally.updates,
                tally.archives,
                tally.blanked,
                tally.reassigned,
                tally.conflicts,
                tally.drifted,
                tally.swinging,
                List.copyOf(holds));
    }

    String json() {
        Fields.Builder fields = Fields.builder();
        number(fields, "linked", linked);
        number(fields, "seen", seen);
        number(fields, "creates", creates);
        number(fields, "updates", updates);
        number(fields, "archives", archives);
        number(fields, "blanked", blanked);
        number(fields, "reassigned", reassigned);
        number(fields, "conflicts", conflicts);
        number(fields, "drifted", drifted);
        number(fields, "swinging", swinging);
        for (int i = 0; i < holds.size(); i++) {
            Hold hold = holds.get(i);
            fields.text("holds." + i + ".kind", hold.kind().name());
            fields.text("holds." + i + ".reason", hold.reason());
            for (int j = 0; j < hold.samples().size(); j++) {
                fields.text("holds." + i + ".samples." + j, hold.samples().get(j));
            }
        }
        return fields.build().json();
    }

    private static void number(Fields.Builder fields, String name, long value) {
        fields.number(name, BigDecimal.valueOf(value));
    }

    static Summary parse(String json) {
        Fields fields = Fields.parse(json);
        List<Hold> holds = new ArrayList<>();
        for (int i = 0; fields.get("holds." + i + ".kind") != null; i++) {
            holds.add(hold(fields, "holds." + i + "."));
        }
        return new Summary(
                number(fields, "linked"),
                number(fields, "seen"),
                number(fields, "creates"),
                number(fields, "updates"),
                number(fields, "archives"),
                number(fields, "blanked"),
                number(fields, "reassigned"),
                number(fields, "conflicts"),
                number(fields, "drifted"),
                number(fields, "swinging"),
                List.copyOf(holds));
    }

    private static Hold hold(Fields fields, String prefix) {
        List<String> samples = new ArrayList<>();
        for (int j = 0; fields.get(prefix + "samples." + j) != null; j++) {
            samples.add(String.valueOf(fields.text(prefix + "samples." + j)));
        }
        String kind = String.valueOf(fields.text(prefix + "kind"));
        return new Hold(Hold.Kind.valueOf(kind), String.valueOf(fields.text(prefix + "reason")), samples);
    }

    private static long number(Fields fields, String name) {
        String value = fields.get(name);
        return value == null ? 0 : Long.parseLong(value);
    }
}
