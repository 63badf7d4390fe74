package io.crmsdk.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.model.Customer;
import io.crmsdk.model.ExternalId;
import io.crmsdk.model.internal.CustomerJson;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Records that come one by one to many that are there find their customers, and print how long each took.
 * {@code -Dcrmsdk.identity.loaded=1000000} for the long run.
 */
@Tag("slow")
class RegistryScaleTest {
    private static final String[] SYLLABLES = {
        "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "we", "xi",
        "yo", "zu"
    };

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"SQLITE", "POSTGRESQL"})
    void a_record_finds_its_customer_among_many(Kind kind) throws Exception {
        int loaded = Integer.getInteger("crmsdk.identity.loaded", 2000);
        int timed = Integer.getInteger("crmsdk.identity.timed", 400);
        try (Databases.TestDatabase database = Databases.open(kind, folder);
                Store store = database.store()) {
            CustomerRegistry registry = CustomerRegistry.open(store);
            for (int from = 0; from < loaded; from += 20_000) {
                int first = from;
                int to = Math.min(loaded, from + 20_000);
                store.inTransaction(connection -> {
                    load(connection, first, to);
                    return true;
                });
            }
            Random random = new Random(1);
            long[] nanos = new long[timed];
            for (int i = -timed; i < timed; i++) {
                boolean known = random.nextBoolean();
                int person = known ? random.nextInt(loaded) : loaded + timed + i;
                SourceRecord record =
                        new SourceRecord(ExternalId.of("crm", "Contact", "n" + (timed + i)), customer(person, random));
                long start = System.nanoTime();
                Upserted done = registry.upsert(record);
                nanos[Math.max(i, 0)] = System.nanoTime() - start;

                assertThat(done.customerId())
                        .isEqualTo(known ? id(person) : done.recordId())
                        .as("person %d", person);
            }
            Arrays.sort(nanos);
            System.out.printf(
                    Locale.ROOT,
                    "%s, %,d records loaded, %,d came one by one: p50 %.2f ms, p99 %.2f ms, longest %.2f ms%n",
                    kind,
                    loaded,
                    timed,
                    nanos[timed / 2] / 1e6,
                    nanos[timed * 99 / 100] / 1e6,
                    nanos[timed - 1] / 1e6);
        }
    }

    private static String id(int person) {
        return new UUID(0x7000L | (long) person << 16, 1L << 63).toString();
    }

    /** What the registry would have stored of them. */
    private static void load(Connection connection, int from, int to) throws SQLException {
        try (PreparedStatement record = connection.prepareStatement(
                        "INSERT INTO crm_record (id, origin_system, origin_instance, origin_type, origin_value, customer_id,"
                                + " revision, content, created_us, updated_us) VALUES (?, 'erp', '', 'Contact', ?, ?, 1, ?, 1, 1)");
                PreparedStatement key = connection.prepareStatement(
                        "INSERT INTO crm_record_key (key_hash, record_id, strong) VALUES (?, ?, ?)")) {
            for (int person = from; person < to; person++) {
                Customer customer = customer(person, new Random(person));
                record.setString(1, id(person));
                record.setString(2, "p" + person);
                record.setString(3, id(person));
                record.setBytes(4, CustomerJson.write(customer));
                record.addBatch();
                for (Map.Entry<Long, Boolean> entry :
                        Filing.keysOf(Evidence.of(customer)).entrySet()) {
                    key.setLong(1, entry.getKey());
                    key.setString(2, id(person));
                    key.setInt(3, entry.getValue() ? 1 : 0);
                    key.addBatch();
                }
                if (person % 500 == 499 || person == to - 1) {
                    record.executeBatch();
                    key.executeBatch();
                }
            }
        }
    }

    /** A name that a few share, an address of one's own, an employer, and half the time a telephone. */
    private static Customer customer(int person, Random random) {
        Random own = new Random(person * 31L + 7);
        People one = People.of(word(own, 2) + " " + word(own, 3))
                .mail("u" + person + "@m" + person % 50_000 + ".example")
                .company("Firm " + word(own, 3) + " " + own.nextInt(200_000))
                .at("City" + own.nextInt(500), String.valueOf(10_000 + own.nextInt(89_999)));
        return random.nextBoolean()
                ? one.phone(String.format(Locale.ROOT, "+4477%08d", person)).build()
                : one.build();
    }

    private static String word(Random random, int syllables) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < syllables; i++) {
            word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
        }
        return word.toString();
    }
}
