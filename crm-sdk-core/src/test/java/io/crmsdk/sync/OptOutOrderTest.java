package io.crmsdk.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.consent.ConsentEvidence;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ConsentPolicy;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.PolledStatus;
import io.crmsdk.consent.Rank;
import io.crmsdk.consent.Scope;
import io.crmsdk.identity.CustomerRegistry;
import io.crmsdk.mapping.Mapping;
import io.crmsdk.mapping.RowMapping;
import io.crmsdk.quality.Cell;
import io.crmsdk.store.Store;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A person who agreed once unsubscribes, while files, three systems that still say yes, a merge and a restore come before or after: in
 * no order is the person mailed again, and no system is told so.
 */
class OptOutOrderTest {
    private static final ContactKey LI = ContactKey.email("li.na@example.com");
    private static final Scope NEWS = Scope.of("marketing/newsletter");
    private static final List<String> HEADER = List.of("客户编号", "客户名称", "联系人", "手机", "邮箱", "是否退订");
    private static final String YES = "subscribed";
    private static final String NO = "unsubscribed";

    private enum Step {
        IMPORT,
        UNSUBSCRIBE,
        TOOL_TO_CRM,
        CRM_TO_TOOL,
        ERP_UPDATE,
        RESTORE,
        MERGE
    }

    @TempDir
    Path folder;

    private Path backup;

    /** Everything as it was before: the person agreed, and all systems say so. */
    @BeforeEach
    void yesterday() throws IOException {
        backup = folder.resolve("backup.db");
        Path file = folder.resolve("yesterday.db");
        try (Store store = Store.sqlite(file);
                ConsentLedger ledger = ConsentLedger.open(store)) {
            ledger.record(ledger.system("crm").asserted("c1", "1", LI, NEWS, null, null));
        }
        Files.move(file, backup);
    }

    @Test
    void F_817_random_orders_never_undo_an_opt_out() throws IOException {
        for (long seed = 1; seed <= 20; seed++) {
            List<Step> steps = new ArrayList<>(List.of(Step.values()));
            Collections.shuffle(steps, new Random(seed));
            new History(steps).play();
        }
    }

    /** The merge falls somewhere else each time. */
    @Test
    @Tag("slow")
    void F_817_no_order_of_the_other_six_undoes_an_opt_out() throws IOException {
        Random random = new Random(817);
        List<List<Step>> orders = orders(List.of(Step.values()).subList(0, 6));
        assertThat(orders).hasSize(720);
        for (List<Step> order : orders) {
            List<Step> steps = new ArrayList<>(order);
            steps.add(random.nextInt(7), Step.MERGE);
            new History(steps).play();
        }
    }

    private static List<List<Step>> orders(List<Step> steps) {
        if (steps.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Step>> all = new ArrayList<>();
        for (Step first : steps) {
            List<Step> rest = steps.stream().filter(step -> step != first).toList();
            orders(rest)
                    .forEach(order -> all.add(
                            Stream.concat(Stream.of(first), order.stream()).toList()));
        }
        return all;
    }

    private final class History {
        private final List<Step> steps;
        private final Path file = folder.resolve("books.db");
        private final Path witness = folder.resolve("witness");
        private final FakeSystem crm = new FakeSystem();
        private final FakeSystem tool = new FakeSystem();
        private final FakeSystem erp = new FakeSystem();
        private Store store;
        private ConsentLedger ledger;
        private boolean said;
        private int edits;

        History(List<Step> steps) {
            this.steps = steps;
        }

        void play() throws IOException {
            Files.deleteIfExists(witness);
            takeBackup();
            crm.put("c1", "name", "Li Na", "status", YES);
            tool.put("t1", "name", "Li Na", "status", YES).key = "c1";
            erp.put("e1", "name", "Li Na", "status", YES);
            crm.rows.get("c1").key = "e1";
            try {
                run(toolPair());
                run(erpPair());
                assertThat(ledger.decide(LI, NEWS).allowed())
                        .as("it is possible to mail her")
                        .isTrue();
                for (Step step : steps) {
                    step(step);
                    check(step);
                }
                run(toolPair());
                run(erpPair());
                run(toolPair());
                check(null);
                assertThat(tool.rows.get("t1").fields.text("status"))
                        .as("at the tool, after %s", steps)
                        .isEqualTo(NO);
            } finally {
                ledger.close();
                store.close();
            }
        }

        private void takeBackup() throws IOException {
            for (String rest : List.of("-wal", "-shm")) {
                Files.deleteIfExists(Path.of(file + rest));
            }
            Files.copy(backup, file, StandardCopyOption.REPLACE_EXISTING);
            store = Store.sqlite(file);
            ledger = ConsentLedger.builder(store)
                    .policy(ConsentPolicy.defaults().withMinimum(Rank.ASSERTED))
                    .witness(witness)
                    .open();
        }

        private void step(Step step) throws IOException {
            switch (step) {
                case IMPORT -> read("100001,远山贸易,李娜,18621750943,li.na@example.com,否");
                case UNSUBSCRIBE -> {
                    ConsentEvidence evidence =
                            ConsentEvidence.builder().method("POST").build();
                    ledger.record(ledger.person("link").unsubscribe(LI, NEWS, evidence));
                    crm.put("c1", "status", NO);
                    said = true;
                }
                case TOOL_TO_CRM -> {
                    List<PolledStatus> late = List.of(new PolledStatus(LI, false, "2026-03-01T08:00:00Z"));
                    store.inTransaction(connection -> ledger.observe(connection, "tool", "news", NEWS, late));
                    tool.put("t1", "name", "Li Na " + ++edits);
                    run(toolPair());
                }
                case CRM_TO_TOOL -> {
                    crm.put("c1", "name", "Li Na " + ++edits);
                    run(toolPair());
                }
                case ERP_UPDATE -> {
                    erp.put("e1", "name", "Li Na " + ++edits, "status", YES);
                    run(erpPair());
                }
                case MERGE ->
                    read(
                            "100002,远山贸易,李娜,18621750943,lina@example.org,否",
                            "100001,远山贸易,李娜,18621750943,li.na@example.com,否");
                case RESTORE -> restore();
            }
        }

        private void restore() throws IOException {
            ByteArrayOutputStream copy = new ByteArrayOutputStream();
            ledger.export(0, copy);
            ledger.close();
            store.close();
            takeBackup();
            check(Step.RESTORE);
            if (!ledger.held()) {
                ledger.beginRestore();
            }
            ledger.unite(new ByteArrayInputStream(copy.toByteArray()));
            ledger.finishRestore("chen", "copy");
        }

        private void read(String... lines) {
            RowMapping rows = Mapping.bundledFor(HEADER).forColumns(HEADER);
            RecordImport reading = RecordImport.builder(store, CustomerRegistry.open(store), ledger)
                    .source("old.csv")
                    .version(String.valueOf(++edits))
                    .build();
            for (int i = 0; i < lines.length; i++) {
                List<Cell> cells =
                        Stream.of(lines[i].split(",", -1)).map(Cell::text).toList();
                reading.take(String.valueOf(i + 2), rows.read(i + 2, cells));
            }
            reading.finish();
        }

        private SyncPair toolPair() {
            return SyncPair.builder("crm-tool", store)
                    .source(new FakeConnector(crm, FakeConnector.full("crm").build()))
                    .target(new FakeConnector(tool, FakeConnector.full("tool").build()))
                    .bothWays()
                    .policy("name", FieldPolicy.SOURCE_WINS)
                    .neverGrant("status", YES)
                    .build();
        }

        /** The CRM's own "no" is nothing that an ERP decides. */
        private SyncPair erpPair() {
            return SyncPair.builder("erp-crm", store)
                    .source(new FakeConnector(erp, FakeConnector.full("erp").build()))
                    .target(new FakeConnector(crm, FakeConnector.full("crm").build()))
                    .knownTarget(record -> "c1")
                    .neverGrant("status", YES)
                    .build();
        }

        private void run(SyncPair pair) {
            SyncPlan plan = pair.plan();
            pair.approve(plan.hash(), plan.changes(), "a person");
            pair.apply(plan.hash());
        }

        private void check(Step step) {
            if (said) {
                assertThat(ledger.decide(LI, NEWS).allowed())
                        .as("mailed after %s of %s", step, steps)
                        .isFalse();
                assertThat(crm.rows.get("c1").fields.text("status"))
                        .as("at the CRM after %s of %s", step, steps)
                        .isEqualTo(NO);
            }
        }
    }
}
