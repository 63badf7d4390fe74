package io.crmsdk.mail.bounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmsdk.fixtures.JsonLines;
import io.crmsdk.fixtures.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The decoder on some 700 real mails with known answers. */
class BounceCorpusTest {
    private static final List<String> ABOUT_DELIVERY = List.of("failed", "delayed", "delivered");
    private static final List<Row> ROWS = new ArrayList<>();
    private static final Map<String, MailReport> READ = new HashMap<>();

    @BeforeAll
    static void readAll() throws IOException {
        Optional<Path> corpus = SharedFiles.find("data/bounces");
        assumeTrue(corpus.isPresent(), "the corpus of bounces is not here");
        for (Map<String, @Nullable Object> fields : JsonLines.file(corpus.get().resolve("truth.jsonl"))) {
            Row row = new Row(fields);
            ROWS.add(row);
            Path mail = corpus.get().resolve("messages").resolve(row.text("file"));
            READ.put(row.text("file"), BounceDecoder.standard().decode(Files.readAllBytes(mail)));
        }
    }

    /** A row of the truth, or one of its recipients. */
    private record Row(Map<String, @Nullable Object> fields) {
        String text(String name) {
            return String.valueOf(fields.getOrDefault(name, ""));
        }

        List<?> list(String name) {
            return fields.get(name) instanceof List<?> list ? list : List.of();
        }

        boolean holds(String name, String value) {
            return list(name).stream().anyMatch(one -> value.equalsIgnoreCase(String.valueOf(one)));
        }

        @SuppressWarnings("unchecked")
        List<Row> recipients() {
            return list("recipients").stream()
                    .map(one -> new Row((Map<String, @Nullable Object>) one))
                    .toList();
        }
    }

    private static MailReport read(Row row) {
        return READ.get(row.text("file"));
    }

    private static List<Row> rows(boolean aboutDelivery) {
        return ROWS.stream()
                .filter(row -> ABOUT_DELIVERY.contains(row.text("kind")) == aboutDelivery)
                .toList();
    }

    private record Pair(Row row, Row expected, RecipientReport read) {
        boolean asserted(String field) {
            return row.holds("asserted", field) || row.holds("asserted", "all");
        }

        @Override
        public String toString() {
            return row.text("file") + " expected " + expected.text("status") + " " + expected.text("reason") + " read "
                    + read;
        }
    }

    private static List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        for (Row row : rows(true)) {
            for (Row expected : row.recipients()) {
                for (RecipientReport read : read(row).recipients()) {
                    if (expected.holds("accept", read.recipient())) {
                        pairs.add(new Pair(row, expected, read));
                    }
                }
            }
        }
        return pairs;
    }

    @Test
    void reports_about_delivery_are_found() {
        List<Row> rows = rows(true);
        List<String> missed = rows.stream()
                .filter(row -> !ABOUT_DELIVERY.contains(read(row).kind().word()))
                .map(row -> row.text("file"))
                .toList();
        assertThat(missed.size()).as("missed: %s", missed).isLessThanOrEqualTo(rows.size() * 15 / 1000);
    }

    @Test
    void no_other_mail_is_taken_for_a_report_and_its_kind_is_right() {
        assertThat(rows(false))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(read(row).kind().word())
                        .as("%s", row.text("file"))
                        .isEqualTo(row.text("kind")));
    }

    @Test
    void recipients_are_found() {
        int expected = 0;
        for (Row row : rows(true)) {
            for (Row recipient : row.recipients()) {
                expected += recipient.text("recipient").isEmpty() ? 0 : 1;
            }
        }
        assertThat(pairs().size()).isGreaterThanOrEqualTo(expected * 98 / 100);
    }

    @Test
    void the_status_is_right_where_it_is_asserted() {
        List<Pair> asserted =
                pairs().stream().filter(pair -> pair.asserted("status")).toList();
        List<Pair> wrong = asserted.stream()
                .filter(pair -> !accepts(pair.expected(), pair.read().status()))
                .toList();
        assertThat(wrong.size()).as("wrong: %s", wrong).isLessThanOrEqualTo(asserted.size() * 2 / 100);
    }

    private static boolean accepts(Row expected, String status) {
        return expected.text("status").equals(status) || expected.holds("accept_status", status);
    }

    @Test
    void whether_an_address_is_given_up_is_right_where_it_is_asserted() {
        List<Pair> asserted = pairs().stream()
                .filter(pair ->
                        pair.asserted("hard") && pair.expected().fields().get("hard") instanceof Boolean)
                .toList();
        List<Pair> wrong = asserted.stream()
                .filter(pair -> !pair.expected()
                        .text("hard")
                        .equals(String.valueOf(pair.read().hard())))
                .toList();
        assertThat(wrong.size()).as("wrong: %s", wrong).isLessThanOrEqualTo(asserted.size() * 2 / 100);
    }

    @Test
    void nobody_is_given_up_for_a_policy_a_content_or_an_automatic_reply() {
        assertThat(pairs().stream()
                        .filter(pair -> List.of("policy", "content", "auto-reply")
                                .contains(pair.expected().text("class")))
                        .filter(pair -> pair.read().hard()))
                .isEmpty();
    }

    @Test
    void a_receipt_or_an_automatic_reply_speaks_of_no_failed_recipient() {
        assertThat(rows(false))
                .allSatisfy(row -> assertThat(read(row).recipients()).noneMatch(RecipientReport::hard));
    }
}
