package io.crmsdk.sync;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A comparison as one page for people. Pure. */
final class ReconcilePage {
    private static final int MOST_FIELDS = 20;
    private static final int MOST_TOTALS = 40;
    private static final int WIDTH = 360;
    private static final String STYLE =
            "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1c2733;background:#fff}"
                    + "h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}"
                    + ".verdict{padding:.7rem 1rem;border-radius:.4rem;margin:1rem 0}.ok{background:#e3f4e6}.bad{background:#fdeaea}"
                    + "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;vertical-align:top;"
                    + "border-bottom:1px solid #dfe5ea}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
                    + "code{font-size:.9em;overflow-wrap:anywhere}p.note{color:#55636f}"
                    + "rect.s{fill:#3b6ea5}rect.t{fill:#e08e2b}rect.c{fill:#c23b3b}rect.d{fill:#6b7f92}"
                    + "@media(max-width:40rem){body{margin:1rem auto}svg{max-width:100%}}";

    private final ReconcileReport report;
    private final StringBuilder page = new StringBuilder(8192);

    ReconcilePage(ReconcileReport report) {
        this.report = report;
    }

    String html() {
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
                .append(
                        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>")
                .append(escaped("Both sides of " + report.pair()))
                .append("</title>\n<style>")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n");
        head();
        findings();
        records();
        totals();
        fields();
        samples();
        page.append("</body>\n</html>\n");
        return page.toString();
    }

    private void head() {
        page.append("<h1>").append(escaped("Both sides of " + report.pair())).append("</h1>\n");
        page.append("<div class=\"verdict ")
                .append(report.isEqual() ? "ok" : "bad")
                .append("\">");
        page.append(escaped(verdict())).append("</div>\n<p class=\"note\">Read from ");
        page.append(report.started()).append(" to ").append(report.ended());
        page.append(" (UTC). Report <code>").append(report.hash()).append("</code>.");
        if (report.repeated() > 0) {
            page.append(" Records given again on a later page, and counted once: ")
                    .append(number(report.repeated()));
            page.append('.');
        }
        if (report.unconfirmed() > 0) {
            page.append(" Looks that were left out, so that a listing alone says what is missing: ");
            page.append(number(report.unconfirmed())).append('.');
        }
        page.append("</p>\n");
    }

    private String verdict() {
        if (report.isEqual()) {
            return "Both sides say the same.";
        }
        long consent = report.count(Difference.Kind.CONSENT);
        String people = consent == 0
                ? ""
                : number(consent) + (consent == 1 ? " is" : " are")
                        + " about somebody who opted out on one side only. ";
        long apart = report.totals().stream().filter(total -> !total.agrees()).count();
        return number(report.count())
                + (report.count() == 1 ? " finding. " : " findings. ")
                + people
                + (apart == 0 ? "" : number(apart) + (apart == 1 ? " total" : " totals") + " of money differ.");
    }

    private void findings() {
        page.append("<h2>Findings</h2>\n<table>\n<tr><th>what</th><th class=\"n\">number</th><th></th></tr>\n");
        long most = 1;
        for (Difference.Kind kind : Difference.Kind.values()) {
            most = Math.max(most, report.count(kind));
        }
        for (Difference.Kind kind : Difference.Kind.values()) {
            row(words(kind), report.count(kind), most, kind == Difference.Kind.CONSENT ? "c" : "d");
        }
        page.append("</table>\n");
    }

    private void row(String label, long count, long most, String kind) {
        page.append("<tr><td>")
                .append(escaped(label))
                .append("</td><td class=\"n\">")
                .append(number(count));
        page.append("</td><td>");
        bars(List.of(new Bar(kind, share(BigDecimal.valueOf(count), BigDecimal.valueOf(most)))));
        page.append("</td></tr>\n");
    }

    private record Bar(String kind, int width) {}

    private void bars(List<Bar> bars) {
        int height = bars.size() * 12;
        page.append("<svg aria-hidden=\"true\" width=\"")
                .append(WIDTH)
                .append("\" height=\"")
                .append(height);
        page.append("\" viewBox=\"0 0 ").append(WIDTH).append(' ').append(height);
        page.append("\" xmlns=\"http://www.w3.org/2000/svg\">");
        for (int i = 0; i < bars.size(); i++) {
            page.append("<rect class=\"")
                    .append(bars.get(i).kind())
                    .append("\" x=\"0\" y=\"")
                    .append(i * 12 + 1);
            page.append("\" height=\"10\" width=\"").append(bars.get(i).width()).append("\"/>");
        }
        page.append("</svg>");
    }

    /** The length of a bar; whatever is not nothing shows. */
    private static int share(BigDecimal part, BigDecimal most) {
        if (part.signum() == 0 || most.signum() == 0) {
            return 0;
        }
        BigDecimal width = part.abs().multiply(BigDecimal.valueOf(WIDTH)).divide(most.abs(), 0, RoundingMode.HALF_UP);
        return Math.max(2, width.intValue());
    }

    private void records() {
        page.append("<h2>Records</h2>\n<table>\n<tr><th>where</th><th class=\"n\">number</th><th></th></tr>\n");
        long most = Math.max(1, Math.max(report.records(Side.SOURCE), report.records(Side.TARGET)));
        row("source", report.records(Side.SOURCE), most, "s");
        row("target", report.records(Side.TARGET), most, "t");
        row("linked", report.linked(), most, "d");
        row("linked and the same", report.equal(), most, "d");
        page.append("</table>\n");
    }

    private void totals() {
        if (report.totals().isEmpty()) {
            return;
        }
        page.append("<h2>Money</h2>\n<table>\n<tr><th>field</th><th>currency</th><th class=\"n\">source</th>")
                .append("<th class=\"n\">target</th><th class=\"n\">source less target</th><th></th></tr>\n");
        for (ReconcileReport.Total total :
                report.totals().stream().limit(MOST_TOTALS).toList()) {
            total(total);
        }
        page.append("</table>\n");
        more(report.totals().size(), MOST_TOTALS);
    }

    private void total(ReconcileReport.Total total) {
        BigDecimal most = total.source().abs().max(total.target().abs());
        page.append("<tr><td>")
                .append(escaped(total.field()))
                .append("</td><td>")
                .append(escaped(total.currency()));
        page.append("</td><td class=\"n\">").append(money(total.source()));
        page.append("</td><td class=\"n\">").append(money(total.target()));
        page.append("</td><td class=\"n\">").append(money(total.source().subtract(total.target())));
        page.append("</td><td>");
        bars(List.of(new Bar("s", share(total.source(), most) / 2), new Bar("t", share(total.target(), most) / 2)));
        page.append("</td></tr>\n");
    }

    private static String money(BigDecimal amount) {
        return amount.setScale(Math.max(2, amount.scale())).toPlainString();
    }

    private void fields() {
        if (report.fields().isEmpty()) {
            return;
        }
        List<Map.Entry<String, Long>> fields = new ArrayList<>(report.fields().entrySet());
        fields.sort(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()));
        page.append(
                "<h2>Fields that differ</h2>\n<table>\n<tr><th>field</th><th class=\"n\">records</th><th></th></tr>\n");
        for (Map.Entry<String, Long> field : fields.stream().limit(MOST_FIELDS).toList()) {
            row(field.getKey(), field.getValue(), fields.get(0).getValue(), "d");
        }
        page.append("</table>\n");
        more(fields.size(), MOST_FIELDS);
    }

    private void more(int all, int shown) {
        if (all > shown) {
            page.append("<p class=\"note\">").append(number(all - shown)).append(" more are not shown.</p>\n");
        }
    }

    private void samples() {
        if (report.samples().isEmpty()) {
            return;
        }
        page.append("<h2>Examples</h2>\n<p class=\"note\">Up to ten of each kind.</p>\n<table>\n")
                .append("<tr><th>what</th><th>source</th><th>target</th><th>fields</th></tr>\n");
        for (Difference sample : report.samples()) {
            String where = sample.optedOut() == null
                    ? ""
                    : " (the no is at the " + sample.optedOut().name().toLowerCase(Locale.ROOT) + ")";
            page.append("<tr><td>")
                    .append(escaped(words(sample.kind()) + where))
                    .append("</td><td>");
            id(sample.sourceId());
            page.append("</td><td>");
            id(sample.targetId());
            page.append("</td><td>")
                    .append(escaped(String.join(", ", sample.fields())))
                    .append("</td></tr>\n");
        }
        page.append("</table>\n");
    }

    private void id(@Nullable String id) {
        if (id != null) {
            page.append("<code>").append(escaped(id)).append("</code>");
        }
    }

    private static String words(Difference.Kind kind) {
        return switch (kind) {
            case CONSENT -> "opted out on one side, subscribed on the other";
            case BROKEN_LINK -> "linked to a record that is gone";
            case LOST_LINK -> "belong together, but are not linked";
            case DUPLICATE -> "a second one at the target";
            case ONLY_SOURCE -> "only at the source";
            case ONLY_TARGET -> "only at the target";
            case FIELDS -> "fields differ";
            case UNREADABLE -> "cannot be said in the target's words";
        };
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** As text of a page; what XML does not allow becomes the mark for it. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
            }
        });
        return escaped.toString();
    }

    private static boolean isAllowed(int c) {
        return c == '\t' || c == '\n' || (c >= 0x20 && c < 0xD800) || (c >= 0xE000 && c < 0xFFFE) || c >= 0x10000;
    }
}
