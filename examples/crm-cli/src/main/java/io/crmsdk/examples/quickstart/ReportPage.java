package io.crmsdk.examples.quickstart;

import com.samskivert.mustache.Mustache;
import io.crmsdk.Redaction;
import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.erp.file.RowOutcome;
import io.crmsdk.quality.Action;
import io.crmsdk.quality.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes what happened as one page without scripts that needs nothing else. */
final class ReportPage {
    private static final int MOST_EXAMPLES = 24;

    private final Quickstart.Findings found;
    private final boolean bundled;
    private final Path folder;

    ReportPage(Quickstart.Findings found, boolean bundled, Path folder) {
        this.found = found;
        this.bundled = bundled;
        this.folder = folder;
    }

    void write() throws IOException {
        try (InputStream in = ReportPage.class.getResourceAsStream("report.html")) {
            if (in == null) {
                throw new IOException("the page's template is not in this build");
            }
            String template = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(
                    folder.resolve("report.html"),
                    Mustache.compiler().nullValue("").compile(template).execute(page()));
        }
    }

    private Map<String, Object> page() {
        Map<String, Object> page = new LinkedHashMap<>();
        boolean ok = found.failures.isEmpty();
        page.put("title", "crm-sdk quickstart");
        page.put(
                "headline",
                "What became of " + Quickstart.rows(found) + " damaged rows and " + found.enqueued + " mails");
        page.put("verdictClass", ok ? "ok" : "bad");
        page.put(
                "verdict",
                ok
                        ? "Nothing lost, nothing sent twice, nothing claimed without evidence, nobody mailed who said no."
                        : "Not everything held: " + String.join("; ", found.failures));
        page.put("tiles", tiles());
        rows(page);
        damage(page);
        people(page);
        mails(page);
        page.put("checks", checks());
        page.put("commands", commands());
        page.put(
                "footer",
                (bundled ? "All people and companies on this page are invented. " : "Values of your files are masked. ")
                        + "It took " + found.took.toSeconds() + " s.");
        return page;
    }

    private List<Map<String, Object>> tiles() {
        return List.of(
                tile(Quickstart.taken(found), "rows taken of " + Quickstart.rows(found)),
                tile(found.customers, "customers, each once"),
                tile(found.optedOut, "said no, and got nothing"),
                tile(found.acceptedByReply, "mails with the server's reply"),
                tile(found.states.getOrDefault(DeliveryState.SUPPRESSED, 0L), "not sent for want of consent"),
                tile(found.doubts.size(), "in doubt after the kill, settled"));
    }

    private static Map<String, Object> tile(long value, String label) {
        return Map.<String, Object>of("value", String.format(Locale.ROOT, "%,d", value), "label", label);
    }

    private void rows(Map<String, Object> page) {
        page.put(
                "rowLegend",
                legend(
                        "ok-f",
                        "accepted",
                        "fix-f",
                        "repaired",
                        "flag-f",
                        "flagged",
                        "bad-f",
                        "rejected",
                        "skip-f",
                        "no record"));
        List<Map<String, Object>> files = new ArrayList<>();
        for (Sheets.FileResult file : found.sheets.files()) {
            List<Map<String, Object>> parts = parts(
                    file.total(),
                    "ok-f",
                    "accepted",
                    file.count(RowOutcome.ACCEPTED),
                    "fix-f",
                    "repaired",
                    file.count(RowOutcome.REPAIRED),
                    "flag-f",
                    "flagged",
                    file.count(RowOutcome.FLAGGED),
                    "bad-f",
                    "rejected",
                    file.count(RowOutcome.REJECTED),
                    "skip-f",
                    "no record",
                    file.count(RowOutcome.SKIPPED));
            files.add(Map.<String, Object>of(
                    "name",
                    file.name(),
                    "rows",
                    file.total(),
                    "readAs",
                    file.readAs(),
                    "parts",
                    parts,
                    "words",
                    words(parts)));
        }
        page.put("files", files);
    }

    private void damage(Map<String, Object> page) {
        page.put(
                "findingLegend",
                legend(
                        "fix-f",
                        "repaired",
                        "flag-f",
                        "kept and marked",
                        "bad-f",
                        "refused",
                        "skip-f",
                        "stood for nothing"));
        List<Map.Entry<String, Sheets.Damage>> byCount =
                new ArrayList<>(found.sheets.damage().entrySet());
        byCount.sort(Comparator.comparingLong(entry -> -entry.getValue().total()));
        long most = byCount.isEmpty() ? 1 : byCount.get(0).getValue().total();
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Map.Entry<String, Sheets.Damage> entry : byCount) {
            Sheets.Damage damage = entry.getValue();
            List<Map<String, Object>> parts = parts(
                    damage.total(),
                    "fix-f",
                    "repaired",
                    damage.repaired,
                    "flag-f",
                    "kept and marked",
                    damage.marked,
                    "bad-f",
                    "refused",
                    damage.refused,
                    "skip-f",
                    "stood for nothing",
                    damage.emptied);
            rows.add(Map.<String, Object>of(
                    "label", label(entry.getKey()),
                    "code", entry.getKey(),
                    "count", damage.total(),
                    "width", Math.max(2, damage.total() * 100 / most),
                    "parts", parts,
                    "words", words(parts)));
        }
        page.put("damage", rows);
        page.put("masked", !bundled);
        page.put("examples", examples());
    }

    private static String label(String code) {
        String words = code.toLowerCase(Locale.ROOT).replace('_', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    private List<Map<String, Object>> examples() {
        List<Map<String, Object>> examples = new ArrayList<>();
        for (Sheets.Example example : found.sheets.examples().values()) {
            Finding finding = example.finding();
            if (finding.raw().isEmpty() || examples.size() >= MOST_EXAMPLES) {
                continue;
            }
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("place", example.place() + (finding.column() == null ? "" : ", " + finding.column()));
            row.put("what", finding.message());
            row.put("raw", shown(finding.raw()));
            row.put("value", finding.value() == null ? null : shown(finding.value()));
            row.put("action", done(finding.action()));
            examples.add(row);
        }
        return examples;
    }

    private static String done(Action action) {
        return switch (action) {
            case KEEP -> "taken as it is";
            case REPAIR -> "brought to its usual writing";
            case EMPTY -> "taken as no value";
            case FLAG_KEEP -> "kept and marked";
            case REPAIR_FLAGGED -> "guessed and marked";
            case MOVE -> "moved to where it belongs";
            case REJECT -> "refused";
        };
    }

    private String shown(String value) {
        return bundled ? value : Redaction.text(value);
    }

    private void people(Map<String, Object> page) {
        page.put(
                "identityWords",
                Quickstart.taken(found) + " rows are " + found.customers + " customers. " + found.linked
                        + " of them come from several rows, linked by evidence that identifies a person; names alone never"
                        + " link. " + found.questions + " pairs look alike and wait for a person.");
        page.put(
                "links",
                found.joined.stream()
                        .map(joined ->
                                Map.<String, Object>of("rows", String.join(" · ", joined.rows()), "why", joined.why()))
                        .toList());
        page.put(
                "consentWords",
                found.optedOut + " customers said no. In " + found.conflicts.size()
                        + " cases another row says otherwise; the no stands, whichever row was read first, and whatever the"
                        + " header's wording (one sheet asks “unsubscribed?”, another “wants mail?”).");
        page.put(
                "conflicts",
                found.conflicts.stream()
                        .limit(12)
                        .map(conflict -> Map.<String, Object>of(
                                "who", conflict.who(),
                                "no", String.join(", ", conflict.no()),
                                "other", String.join(", ", conflict.other()),
                                "decision", conflict.decision()))
                        .toList());
        page.put(
                "syncWords",
                "The ERP sandbox holds " + found.erpCustomers
                        + " customers. The plan was made and looked at before it was"
                        + " applied; "
                        + (found.holds.isEmpty()
                                ? "no guard held it."
                                : "a guard held it: " + found.holds.get(0).reason()
                                        + "; whoever runs this approved it."));
        page.put(
                "syncRuns",
                found.syncRuns.stream()
                        .map(run -> Map.<String, Object>of(
                                "name", run.name(),
                                "created", run.created(),
                                "updated", run.updated(),
                                "unchanged", run.unchanged(),
                                "failed", run.failed()))
                        .toList());
    }

    private void mails(Map<String, Object> page) {
        page.put(
                "deliveryWords",
                found.enqueued + " mails were stored before any left. Worker " + found.killedPid
                        + " was killed with SIGKILL half way and started again. One person left by one click while the mail"
                        + " was waiting. Existing customers whose row accepts mail were addressed; nothing in a sheet counts"
                        + " as more than an assertion.");
        page.put(
                "timelineLegend",
                legend("fix-f", "stored", "ok-f", "accepted with a reply", "no-f", "not sent: consent"));
        page.put("chart", found.timeline.drawing());
        page.put(
                "states",
                found.states.entrySet().stream()
                        .map(entry -> Map.<String, Object>of(
                                "state", entry.getKey().name(),
                                "count", entry.getValue(),
                                "claim", claim(entry.getKey())))
                        .toList());
        page.put(
                "doubtWords",
                found.doubts.isEmpty()
                        ? "The kill fell between windows this time: no mail was between its last byte and its recorded answer."
                        : "The kill fell between the last byte and the recorded answer of these mails. They were listed as"
                                + " unconfirmed, not guessed, and settled by what the mailboxes hold.");
        page.put("hasDoubts", !found.doubts.isEmpty());
        page.put(
                "doubts",
                found.doubts.stream()
                        .map(doubt -> Map.<String, Object>of(
                                "id", doubt.id(), "reason", doubt.reason(), "settled", doubt.by()))
                        .toList());
    }

    private static String claim(DeliveryState state) {
        return switch (state) {
            case DELIVERED -> "It lies in the mailbox.";
            case ACCEPTED -> "The server said yes; its reply is kept.";
            case SUPPRESSED -> "Not sent: the person said no, or never said enough.";
            case UNCONFIRMED -> "It may or may not have been taken; waits for someone to settle it.";
            case FAILED -> "No server took it, and it is not tried again.";
            default -> "See its history.";
        };
    }

    private List<Map<String, Object>> checks() {
        List<Map<String, Object>> checks = new ArrayList<>();
        found.checks.forEach(text -> checks.add(Map.<String, Object>of("style", "ok", "text", text)));
        found.failures.forEach(text -> checks.add(Map.<String, Object>of("style", "bad", "text", text)));
        return checks;
    }

    private List<Map<String, Object>> commands() {
        String store = " --store sqlite:" + folder.resolve("store.db");
        return List.of(
                Map.<String, Object>of(
                        "command",
                        "examples/crm deliveries" + store,
                        "what",
                        "every mail with its state and the server's words"),
                Map.<String, Object>of(
                        "command",
                        "examples/crm deliveries --json --key " + found.lateUnsubscriber + store,
                        "what",
                        "the one who left while the mail was waiting, with its history"),
                Map.<String, Object>of(
                        "command", "examples/crm store check" + store, "what", "what the store says of itself"),
                Map.<String, Object>of(
                        "command",
                        "examples/crm import YOUR.csv --dry-run",
                        "what",
                        "your own sheet, every damaged cell explained, nothing stored"));
    }

    private static List<Map<String, Object>> legend(String... styleAndLabel) {
        List<Map<String, Object>> legend = new ArrayList<>();
        for (int i = 0; i < styleAndLabel.length; i += 2) {
            legend.add(Map.<String, Object>of("style", styleAndLabel[i], "label", styleAndLabel[i + 1]));
        }
        return legend;
    }

    /** Style, label and count of each part, three by three. */
    private static List<Map<String, Object>> parts(long total, Object... parts) {
        List<Map<String, Object>> made = new ArrayList<>();
        for (int i = 0; i < parts.length; i += 3) {
            long count = (Long) parts[i + 2];
            if (count > 0) {
                made.add(Map.<String, Object>of(
                        "style",
                        parts[i],
                        "label",
                        parts[i + 1],
                        "count",
                        count,
                        "percent",
                        String.format(Locale.ROOT, "%.2f", count * 100.0 / Math.max(1, total))));
            }
        }
        return made;
    }

    private static String words(List<Map<String, Object>> parts) {
        return String.join(
                ", ",
                parts.stream()
                        .map(part -> part.get("count") + " " + part.get("label"))
                        .toList());
    }
}
