package io.crmsdk.mapping;

import io.crmsdk.Redaction;
import io.crmsdk.model.Coded;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.PartialDate;
import io.crmsdk.model.PhoneNumber;
import io.crmsdk.quality.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A mapping, and what it did with a record, in words. */
final class Explain {
    private static final List<String> COLUMNS =
            List.of("rule", "from", "", "to", "how", "absent, null, blank", "on error", "conflict", "remarks");

    private Explain() {}

    static String markdown(Mapping mapping) {
        StringBuilder out = new StringBuilder();
        out.append("# ").append(cell(mapping.name())).append("\n\n");
        for (String line : head(mapping)) {
            out.append(cell(line)).append("  \n");
        }
        out.append("\n|");
        COLUMNS.forEach(column -> out.append(' ').append(column).append(" |"));
        out.append("\n|").append(" --- |".repeat(COLUMNS.size())).append('\n');
        for (List<String> row : rows(mapping)) {
            out.append('|');
            row.forEach(value -> out.append(' ').append(cell(value)).append(" |"));
            out.append('\n');
        }
        mapping.warnings().forEach(warning -> out.append("\n* ").append(cell(warning)));
        return out.append('\n').toString();
    }

    static String html(Mapping mapping) {
        StringBuilder out = new StringBuilder(4_096);
        out.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(escaped(mapping.name()))
                .append("</title><style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color:#1c1e21}"
                        + "table{border-collapse:collapse}th,td{border:1px solid #d0d4da;padding:.35rem .6rem;text-align:left;"
                        + "vertical-align:top}th{background:#f2f4f7}tr:nth-child(even) td{background:#fafbfc}"
                        + "</style></head><body>\n<h1>")
                .append(escaped(mapping.name()))
                .append("</h1>\n");
        head(mapping).forEach(line -> out.append("<p>").append(escaped(line)).append("</p>\n"));
        out.append("<table><thead><tr>");
        COLUMNS.forEach(column -> out.append("<th>").append(escaped(column)).append("</th>"));
        out.append("</tr></thead><tbody>\n");
        for (List<String> row : rows(mapping)) {
            out.append("<tr>");
            row.forEach(value -> out.append("<td>").append(escaped(value)).append("</td>"));
            out.append("</tr>\n");
        }
        out.append("</tbody></table>\n<ul>");
        mapping.warnings()
                .forEach(warning -> out.append("<li>").append(escaped(warning)).append("</li>\n"));
        return out.append("</ul></body></html>\n").toString();
    }

    private static List<String> head(Mapping mapping) {
        List<String> lines = new ArrayList<>();
        String doc = mapping.doc();
        if (doc != null) {
            lines.add(doc);
        }
        MappingSpec spec = mapping.plan().spec;
        lines.add("Makes: " + SpecReader.spelt(spec.record()) + ". Version: " + mapping.version());
        spec.constants().forEach((path, value) -> lines.add("Always: " + path + " = " + value));
        return lines;
    }

    private static List<List<String>> rows(Mapping mapping) {
        List<List<String>> rows = new ArrayList<>();
        for (CompiledRule rule : mapping.plan().rules) {
            rows.add(List.of(
                    rule.label(),
                    sources(rule),
                    switch (rule.direction()) {
                        case IN -> "→";
                        case OUT -> "←";
                        case BOTH -> "↔";
                    },
                    rule.rule().to(),
                    how(rule),
                    nothing(rule),
                    SpecReader.spelt(rule.rule().onError()),
                    SpecReader.spelt(rule.owner()),
                    remarks(rule)));
        }
        return rows;
    }

    private static String sources(CompiledRule rule) {
        StringBuilder out = new StringBuilder(rule.source());
        rule.rule().aliases().forEach(alias -> out.append(", or ").append(alias));
        rule.rule()
                .variants()
                .forEach(variant -> out.append(", or ")
                        .append(variant.from())
                        .append(" as ")
                        .append(variant.as()));
        rule.conditions()
                .forEach(condition -> out.append(", if ")
                        .append(condition.path())
                        .append(" is ")
                        .append(String.join(" or ", condition.values())));
        return out.toString();
    }

    private static String how(CompiledRule rule) {
        Conversion stated = rule.rule().as();
        return (stated == null ? rule.bound().name : stated.toString()) + ", "
                + SpecReader.spelt(rule.bound().promise).replace('-', ' ');
    }

    private static String nothing(CompiledRule rule) {
        String fallback = rule.rule().fallback();
        return (fallback == null ? "absent" : "default " + fallback)
                + ", "
                + SpecReader.spelt(rule.nulls())
                + ", "
                + SpecReader.spelt(rule.blank());
    }

    private static String remarks(CompiledRule rule) {
        List<String> remarks = new ArrayList<>();
        if (rule.rule().required()) {
            remarks.add("required");
        }
        for (VendorField field : rule.fields()) {
            if (field != null && field.length() > 0) {
                remarks.add("at most " + field.length() + " " + SpecReader.spelt(field.unit()));
            }
        }
        if (rule.sensitivity() != Sensitivity.OPEN) {
            remarks.add(SpecReader.spelt(rule.sensitivity()));
        }
        String doc = rule.rule().doc();
        if (doc != null) {
            remarks.add(doc);
        }
        return String.join("; ", remarks);
    }

    static List<FieldTrace> trace(Mapping mapping, MappedRecord record) {
        List<FieldTrace> traces = new ArrayList<>();
        Map<String, Object> tree = record.source();
        for (CompiledRule rule : record.plan().rules) {
            if (rule.direction().reads()) {
                traces.add(trace(rule, record, tree));
            }
        }
        return traces;
    }

    private static FieldTrace trace(CompiledRule rule, MappedRecord record, Map<String, Object> tree) {
        Target target = rule.target();
        String before = null;
        for (CompiledRule.Column column : rule.variants()) {
            Object value = tree.containsKey(column.header())
                    ? tree.get(column.header())
                    : JsonTree.follow(tree, rule.sources().get(0).steps());
            if (before == null && value != null && JsonTree.isScalar(value)) {
                Scalar scalar = Scalar.of(value);
                before = scalar.kind() == Scalar.Kind.NULL ? "null" : masked(rule.sensitivity(), scalar.text());
            }
        }
        Object value = target == null || target.items() != null ? null : record.slot(target.slot());
        String after =
                target == null ? state(rule, record) : value == Part.NULL ? "null" : shown(rule.sensitivity(), value);
        return new FieldTrace(
                rule.label(), rule.source(), rule.rule().to(), before, after, why(rule, record, before, value));
    }

    private static @Nullable String state(CompiledRule rule, MappedRecord record) {
        for (ConsentSignal signal : record.consent()) {
            if (rule.variants().stream()
                    .anyMatch(column -> Headers.key(column.header()).equals(Headers.key(signal.field())))) {
                return signal.state().name();
            }
        }
        return null;
    }

    private static String why(CompiledRule rule, MappedRecord record, @Nullable String before, @Nullable Object value) {
        StringBuilder why = new StringBuilder(how(rule));
        if (before == null) {
            why.append(
                    value != null && value.equals(rule.fallback())
                            ? "; default, the vendor says nothing"
                            : "; the vendor says nothing");
        }
        for (Finding finding : record.findings()) {
            if (finding.field().equals(rule.label())) {
                why.append("; ")
                        .append(SpecReader.spelt(finding.action()))
                        .append(' ')
                        .append(finding.code())
                        .append(": ")
                        .append(finding.message());
            }
        }
        return why.toString();
    }

    private static @Nullable String shown(Sensitivity sensitivity, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        String text = value instanceof EmailAddress address
                ? address.raw()
                : value instanceof PhoneNumber number
                        ? number.text() == null ? number.raw() : number.text()
                        : value instanceof PartialDate date
                                ? date.text()
                                : value instanceof Part.Word word
                                        ? word.text()
                                        : value instanceof Coded<?> coded ? coded.toString() : String.valueOf(value);
        return masked(sensitivity, text);
    }

    private static String masked(Sensitivity sensitivity, String text) {
        return switch (sensitivity) {
            case OPEN -> text;
            case PERSONAL -> text.indexOf('@') > 0 ? Redaction.email(text) : Redaction.text(text);
            case SECRET -> "***";
        };
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
