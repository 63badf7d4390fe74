package io.crmsdk.suppression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.consent.ContactKey;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.Store;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the list promises on every store. */
abstract class SuppressionContract {
    private static final ContactKey ANN = ContactKey.email("ann@example.com");
    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

    private final Kind kind;

    @TempDir
    Path folder;

    private TestDatabase database;
    private Store store;
    private SuppressionList list;

    SuppressionContract(Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() throws Exception {
        database = Databases.open(kind, folder);
        store = database.store();
        list = SuppressionList.open(store);
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
    }

    private static SuppressionEvent event(String id, SuppressionEvent.Kind kind, int day) {
        return new SuppressionEvent("dsn", id, ANN, kind, START.plus(Duration.ofDays(day)), "550 5.1.1 User unknown");
    }

    private SuppressionReason reason() {
        return list.find(ANN).map(Suppression::reason).orElse(null);
    }

    @Test
    void a_hard_bounce_suppresses_at_once_however_the_address_is_written() {
        assertThat(list.record(event("1", SuppressionEvent.Kind.HARD_BOUNCE, 0)))
                .isPresent();

        assertThat(list.find(ContactKey.email(" ANN@Example.COM "))).hasValueSatisfying(found -> {
            assertThat(found.reason()).isEqualTo(SuppressionReason.HARD_BOUNCE);
            assertThat(found.source()).isEqualTo("dsn");
            assertThat(found.evidence()).contains("5.1.1");
            assertThat(found.end()).isEmpty();
        });
    }

    @Test
    void the_same_event_again_changes_nothing() {
        SuppressionEvent event = event("1", SuppressionEvent.Kind.HARD_BOUNCE, 0);
        list.record(event);
        list.lift(ANN, "eva", "the mailbox is back");

        assertThat(list.record(event)).isEmpty();
        assertThat(list.find(ANN)).isEmpty();
    }

    @Test
    void five_soft_bounces_over_fourteen_days_suppress_and_not_before() {
        for (int n = 0; n < 4; n++) {
            list.record(event("s" + n, SuppressionEvent.Kind.SOFT_BOUNCE, n));
        }
        assertThat(list.record(event("s4", SuppressionEvent.Kind.SOFT_BOUNCE, 13)))
                .isEmpty();
        assertThat(reason()).isNull();

        assertThat(list.record(event("s5", SuppressionEvent.Kind.SOFT_BOUNCE, 14)))
                .isPresent();
        assertThat(reason()).isEqualTo(SuppressionReason.SOFT_BOUNCES);
    }

    @Test
    void a_mail_that_arrives_makes_earlier_soft_bounces_forgotten() {
        for (int n = 0; n < 5; n++) {
            list.record(event("s" + n, SuppressionEvent.Kind.SOFT_BOUNCE, n));
        }
        list.record(event("ok", SuppressionEvent.Kind.DELIVERED, 5));

        assertThat(list.record(event("s9", SuppressionEvent.Kind.SOFT_BOUNCE, 20)))
                .isEmpty();
        assertThat(reason()).isNull();
    }

    @Test
    void a_stronger_reason_replaces_a_weaker_one_and_never_the_other_way() {
        list.record(event("c", SuppressionEvent.Kind.COMPLAINT, 0));
        assertThat(reason()).isEqualTo(SuppressionReason.COMPLAINT);
        list.record(event("h", SuppressionEvent.Kind.HARD_BOUNCE, 1));
        assertThat(reason()).isEqualTo(SuppressionReason.HARD_BOUNCE);

        assertThat(list.record(event("c2", SuppressionEvent.Kind.COMPLAINT, 2))).isEmpty();
        assertThat(reason()).isEqualTo(SuppressionReason.HARD_BOUNCE);
    }

    @Test
    void lifting_is_remembered_with_who_and_why() {
        list.record(event("1", SuppressionEvent.Kind.HARD_BOUNCE, 0));

        assertThat(list.lift(ANN, "eva", "the mailbox is back")).isTrue();
        assertThat(list.lift(ANN, "eva", "again")).isFalse();
        assertThat(list.find(ANN)).isEmpty();
        assertThat(list.history(ANN))
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).contains("HARD_BOUNCE by dsn"))
                .anySatisfy(line -> assertThat(line).contains("LIFTED by eva: the mailbox is back"));
    }

    @Test
    void what_has_an_end_ends() {
        Instant past = Instant.parse("2020-01-01T00:00:00Z");
        list.suppress(ANN, "eva", "on holiday", past);
        assertThat(list.find(ANN)).isEmpty();

        list.suppress(ANN, "eva", "asked by phone", Instant.parse("2126-01-01T00:00:00Z"));
        assertThat(reason()).isEqualTo(SuppressionReason.STAFF);
    }

    @Test
    void the_list_goes_out_and_in_as_lines() throws IOException {
        list.record(event("1", SuppressionEvent.Kind.HARD_BOUNCE, 0));
        list.suppress(ContactKey.phone("+4915112345678", "ZZ"), "eva", "asked", null);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThat(list.export(out)).isEqualTo(2);
        list.lift(ANN, "eva", "to import it again");
        assertThat(list.importFrom(new ByteArrayInputStream(out.toByteArray()), "copy.jsonl"))
                .isEqualTo(1);
        assertThat(reason()).isEqualTo(SuppressionReason.HARD_BOUNCE);
    }

    @Test
    void a_line_that_is_none_stops_the_import_before_anything_is_changed() {
        byte[] lines = "{\"address\":\"ann@example.com\"}\n{\"address\":\"nobody\"}\n".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> list.importFrom(new ByteArrayInputStream(lines), "list.jsonl"))
                .isInstanceOf(SuppressionException.class)
                .hasMessageContaining("SUPPRESSION_LINE")
                .hasMessageContaining("list.jsonl line 2");
        assertThat(list.find(ANN)).isEmpty();
    }

    @Test
    void many_who_report_the_same_at_once_suppress_once() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> reports = IntStream.range(0, 12)
                    .<Callable<Boolean>>mapToObj(n ->
                            () -> list.record(event("h" + n % 3, SuppressionEvent.Kind.HARD_BOUNCE, n % 3))
                                    .isPresent())
                    .toList();
            int fresh = 0;
            for (Future<Boolean> report : threads.invokeAll(reports)) {
                fresh += report.get() ? 1 : 0;
            }
            assertThat(fresh).isGreaterThanOrEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
        assertThat(reason()).isEqualTo(SuppressionReason.HARD_BOUNCE);
        assertThat(list.history(ANN)).hasSize(3);
    }

    @Test
    void nothing_of_a_person_shows_in_texts() {
        SuppressionEvent event = event("1", SuppressionEvent.Kind.HARD_BOUNCE, 0);

        assertThat(event + " " + list.record(event)).doesNotContain("ann@");
    }
}
