package io.crmsdk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.internal.Dialect;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store that an older version filled, opened by this one. */
class UpgradeTest {
    private static final int OPERATIONS = 49;

    @TempDir
    Path folder;

    private static Migrator migrator(TestDatabase database, Dialect dialect, List<Script> scripts) {
        return new Migrator(dialect, scripts, new HostConnections(database.dataSource()), "test");
    }

    private static void fill(TestDatabase database) throws SQLException {
        for (int n = 0; n < 25; n++) {
            String id = String.format(Locale.ROOT, "01900000-0000-7000-8000-%012d", n);
            database.execute(
                    "INSERT INTO crm_message (id, idem_key, channel, kind, priority, media_type, attributes, content,"
                            + " created_us, recipients) VALUES ('" + id + "', 'k" + n
                            + "', 'smtp', 'TRANSACTIONAL', 'NORMAL', 'text/plain', '', X'41', 1, 1)");
            database.execute("INSERT INTO crm_idempotency VALUES ('k" + n + "', 'hash', '" + id + "', 1)");
            database.execute(
                    "INSERT INTO crm_delivery (id, message_id, ordinal, recipient, created_us, fence, attempts,"
                            + " doubts, repeats) VALUES ('" + id + "', '" + id
                            + "', 0, 'li@example.com', 1, 0, 0, 0, 0)");
            database.execute(
                    "INSERT INTO crm_delivery_queue (delivery_id, lane, due_us, lease_us, fence, state, attempts,"
                            + " doubts, repeats, stumbles, crashes) VALUES ('" + id + "', 1, "
                            + (n % 2 == 0 ? 7 : 4_102_444_800_000_000L)
                            + ", 0, 0, '" + (n % 2 == 0 ? "QUEUED" : "SCHEDULED") + "', 0, 0, 0, 0, 0)");
        }
        for (char n = 'a'; n < 'm'; n++) {
            database.execute(
                    "INSERT INTO crm_delivery (id, message_id, ordinal, recipient, created_us, fence, attempts,"
                            + " doubts, repeats) SELECT id || '" + n
                            + "', message_id, 0, recipient, 1, 0, 0, 0, 0 FROM crm_delivery");
            database.execute(
                    "INSERT INTO crm_delivery_queue (delivery_id, lane, due_us, lease_us, fence, state, attempts,"
                            + " doubts, repeats, stumbles, crashes) SELECT delivery_id || '" + n
                            + "', lane, due_us, 0, 0, state, 0, 0, 0, 0, 0 FROM crm_delivery_queue");
        }
    }

    private static List<String> books(TestDatabase database) throws SQLException {
        List<String> books = new ArrayList<>();
        books.addAll(
                database.rows("SELECT state, COUNT(*), MIN(due_us), MAX(due_us), SUM(lane), SUM(lease_us), SUM(fence)"
                        + " FROM crm_delivery_queue GROUP BY state ORDER BY state"));
        books.addAll(
                database.rows("SELECT COUNT(*), MIN(created_us), MAX(created_us), MIN(id), MAX(id) FROM crm_delivery"));
        books.addAll(database.rows("SELECT idem_key, params_hash, message_id FROM crm_idempotency ORDER BY idem_key"));
        books.addAll(database.rows("SELECT COUNT(*), MIN(id), MAX(id) FROM crm_message"));
        return books;
    }

    @ParameterizedTest
    @EnumSource(names = {"SQLITE", "H2"})
    void F_908_a_hundred_thousand_scheduled_and_queued_rows_are_all_there_after_an_upgrade_with_their_times_and_keys(
            Kind kind) throws Exception {
        Dialect dialect = Dialect.valueOf(kind.name());
        List<Script> older = Scripts.of(dialect).stream()
                .filter(script -> script.version() != OPERATIONS)
                .toList();
        try (TestDatabase database = Databases.open(kind, folder)) {
            migrator(database, dialect, older).bring(SchemaMode.APPLY);
            fill(database);
            List<String> before = books(database);
            assertThat(before).hasSize(2 + 1 + 25 + 1);

            try (Store store = database.store();
                    Outbox outbox =
                            Outbox.builder(store).channelElsewhere("smtp").build()) {
                assertThat(books(database)).isEqualTo(before);
                assertThat(outbox.health().counts())
                        .containsEntry(DeliveryState.QUEUED, 13L * 4096)
                        .containsEntry(DeliveryState.SCHEDULED, 12L * 4096);
                EnqueueAnswer known = outbox.enqueue(Message.transactional("k7")
                        .to("li@example.com")
                        .content("text/plain", "x")
                        .build());
                assertThat(known)
                        .isInstanceOfSatisfying(
                                EnqueueAnswer.Reject.class,
                                reject ->
                                        assertThat(reject.code()).isEqualTo(EnqueueAnswer.Reject.IDEMPOTENCY_CONFLICT));
            }

            assertThatThrownBy(() -> migrator(database, dialect, older).bring(SchemaMode.APPLY))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo("STORE_SCHEMA_NEWER"));
            assertThat(books(database)).isEqualTo(before);
        }
    }
}
