package io.crmsdk.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.consent.ConsentDecision;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ConsentPolicy;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Rank;
import io.crmsdk.consent.Scope;
import io.crmsdk.identity.CustomerRegistry;
import io.crmsdk.mapping.Mapping;
import io.crmsdk.mapping.RowMapping;
import io.crmsdk.quality.Cell;
import io.crmsdk.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files and systems may do to consent, over random people and random rows; a failure names its seed. */
class ForeignRecordsLawsTest {
    private static final long[] KEPT = {1};
    private static final int CASES = Integer.getInteger("crmsdk.consent.files", 1);
    private static final int PEOPLE = 8;
    private static final List<String> HEADER = List.of("客户编号", "客户名称", "联系人", "手机", "邮箱", "是否退订");
    private static final List<Scope> SCOPES =
            List.of(Scope.ALL, Scope.of("marketing"), Scope.of("marketing/newsletter"), Scope.of("marketing/coupons"));
    /** Whatever a cell about unsubscribing has been seen to hold. */
    private static final List<String> CELLS =
            List.of("是", "否", "", "0", "1", "true", "FALSE", "no", "subscribed", "同意", "N/A", "#REF!", "２");

    @TempDir
    private Path folder;

    private interface Law {
        void holds(World world) throws IOException;
    }

    private void each(Law law) throws IOException {
        List<Long> seeds = new ArrayList<>();
        for (long seed : KEPT) {
            seeds.add(seed);
        }
        long first = new Random().nextLong();
        for (int i = 0; i < CASES; i++) {
            seeds.add(first + i);
        }
        for (long seed : seeds) {
            try (World world = new World(Files.createTempDirectory(folder, "world"), seed)) {
                law.holds(world);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + "L: " + e.getMessage(), e);
            }
        }
    }

    @Test
    void L11_no_file_lifts_an_opt_out_or_brings_in_more_than_a_claim() throws IOException {
        each(world -> {
            world.peopleSpeak();
            Map<String, ConsentDecision> before = world.decisions();
            assertThat(before.values()).anyMatch(ForeignRecordsLawsTest::isNo);

            for (int file = 1; file <= 3; file++) {
                world.read("file-" + file, HEADER, world.rows(true, true));
            }

            Map<String, ConsentDecision> after = world.decisions();
            before.forEach((question, decision) -> {
                if (isNo(decision)) {
                    assertThat(after.get(question)).as(question).matches(ForeignRecordsLawsTest::isNo);
                } else if (!decision.allowed()) {
                    assertThat(after.get(question).allowed()).as(question).isFalse();
                }
            });
            assertThat(world.everything()).doesNotContain("SUBMITTED", "CONFIRMED");
        });
    }

    @Test
    void L20_records_that_come_back_from_a_system_without_a_consent_field_change_no_decision() throws IOException {
        each(world -> {
            world.read("crm", HEADER, world.rows(false, true));
            world.peopleSpeak();
            Map<String, String> before = world.answers();
            long events = world.position();

            for (int round = 1; round <= 3; round++) {
                world.read("erp-" + round, HEADER.subList(0, 5), world.rows(false, false));
            }

            assertThat(world.answers()).isEqualTo(before);
            assertThat(world.position()).as("events of the ledger").isEqualTo(events);
        });
    }

    private static boolean isNo(ConsentDecision decision) {
        return decision.verdict() == ConsentDecision.Verdict.OPTED_OUT;
    }

    /** One store with its people. */
    private static final class World implements AutoCloseable {
        private final Random random;
        private final Store store;
        private final ConsentLedger ledger;
        private final CustomerRegistry registry;

        World(Path folder, long seed) {
            random = new Random(seed);
            store = Store.sqlite(folder.resolve("crm.db"));
            ledger = ConsentLedger.builder(store)
                    .policy(ConsentPolicy.defaults().withMinimum(Rank.ASSERTED))
                    .open();
            registry = CustomerRegistry.open(store);
        }

        private static ContactKey contact(int person) {
            return ContactKey.email("p" + person + "@example.com");
        }

        private <T> T pick(List<T> from) {
            return from.get(random.nextInt(from.size()));
        }

        /** Some said no, some agreed once, some both in either order, some were never asked; person 0 said no. */
        void peopleSpeak() {
            ledger.record(ledger.person("link").unsubscribe(contact(0), Scope.ALL, null));
            for (int i = 0; i < 2 * PEOPLE; i++) {
                ContactKey key = contact(random.nextInt(PEOPLE));
                ledger.record(
                        random.nextBoolean()
                                ? ledger.person("link").unsubscribe(key, pick(SCOPES), null)
                                : ledger.system("crm").asserted("r" + i, "1", key, pick(SCOPES), null, null));
            }
        }

        /** A row for each person and some twice, in any order. */
        List<String> rows(boolean anyCase, boolean withConsent) {
            List<String> rows = new ArrayList<>();
            for (int i = 0; i < PEOPLE + 4; i++) {
                int person = i < PEOPLE ? i : random.nextInt(PEOPLE);
                String address = contact(person).address();
                String spelt = anyCase && random.nextBoolean() ? " " + address.toUpperCase(Locale.ROOT) : address;
                rows.add("10%04d,云帆贸易%d,李娜%d,138%08d,%s".formatted(person, person, person, 10_000_000 + person, spelt)
                        + (withConsent ? "," + pick(CELLS) : ""));
            }
            Collections.shuffle(rows, random);
            return rows;
        }

        void read(String source, List<String> header, List<String> lines) {
            RowMapping rows = Mapping.bundledFor(HEADER).forColumns(header);
            RecordImport run = RecordImport.builder(store, registry, ledger)
                    .source(source)
                    .version("1")
                    .build();
            for (int i = 0; i < lines.size(); i++) {
                List<Cell> cells =
                        Stream.of(lines.get(i).split(",", -1)).map(Cell::text).toList();
                run.take(String.valueOf(i + 2), rows.read(i + 2, cells));
            }
            assertThat(run.finish().rows()).isEqualTo(lines.size());
        }

        Map<String, ConsentDecision> decisions() {
            Map<String, ConsentDecision> decisions = new TreeMap<>();
            for (int person = 0; person < PEOPLE; person++) {
                for (Scope scope : SCOPES) {
                    decisions.put(person + " " + scope, ledger.decide(contact(person), scope));
                }
            }
            return decisions;
        }

        /** Verdicts with their reasons and events. */
        Map<String, String> answers() {
            Map<String, String> answers = new TreeMap<>();
            decisions()
                    .forEach((question, decision) -> answers.put(
                            question, decision.verdict() + " " + decision.reason() + " " + decision.events()));
            return answers;
        }

        long position() {
            return ledger.decide(contact(0), Scope.ALL).position();
        }

        String everything() throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ledger.export(0, out);
            return out.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            ledger.close();
            store.close();
        }
    }
}
