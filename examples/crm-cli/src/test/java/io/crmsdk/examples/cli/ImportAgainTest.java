package io.crmsdk.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.erp.file.SheetReader;
import io.crmsdk.erp.file.SheetResult;
import io.crmsdk.erp.file.SheetRow;
import io.crmsdk.erp.file.SheetRows;
import io.crmsdk.erp.file.SheetSource;
import io.crmsdk.examples.quickstart.Quickstart;
import io.crmsdk.identity.CustomerRegistry;
import io.crmsdk.identity.GoldenCustomer;
import io.crmsdk.mapping.Mapping;
import io.crmsdk.model.CustomerJson;
import io.crmsdk.store.Store;
import io.crmsdk.sync.ImportReport;
import io.crmsdk.sync.ImportedRow;
import io.crmsdk.sync.RecordImport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sheet that is read again, under another name, in another order, or after a kill. */
class ImportAgainTest {
    private static final Charset GBK = Charset.forName("GBK");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"customers.gbk.csv", "customers.xlsx"})
    void F_902_a_renamed_copy_changes_nothing(String name) throws Exception {
        Path sheet = bundled(name);
        Path copy = Files.copy(sheet, folder.resolve("copy of " + name));
        try (Store store = Store.sqlite(folder.resolve("crm.db"))) {
            read(sheet, store);
            List<String> before = everything(store);

            assertThat(read(copy, store).changedNothing()).isTrue();
            assertThat(everything(store)).isEqualTo(before);
        }
    }

    @Test
    void F_902_the_same_rows_in_another_order_and_under_another_name_change_nothing() throws Exception {
        long seed = new Random().nextLong();
        Path sheet = bundled("customers.gbk.csv");
        try (Store store = Store.sqlite(folder.resolve("crm.db"))) {
            read(sheet, store);
            List<String> before = everything(store);
            ImportReport again = read(shuffled(sheet, new Random(seed)), store);

            assertThat(again.changedNothing()).as("seed " + seed + " " + again).isTrue();
            assertThat(everything(store)).as("seed " + seed).isEqualTo(before);
        }
    }

    @Test
    void F_902_a_changed_row_in_a_sorted_copy_of_the_same_name_is_the_only_change() throws Exception {
        Path sheet = folder.resolve("a.csv");
        Files.writeString(sheet, """
                客户编号,客户名称,手机,邮箱
                ,李雷,,li@example.com
                ,李雷,,li@example.com
                C-7,北京甲公司,13800138000,a@example.com
                """);
        try (Store store = Store.sqlite(folder.resolve("crm.db"))) {
            read(sheet, store);
            Files.writeString(sheet, """
                    客户编号,客户名称,手机,邮箱
                    C-7,北京甲公司,13900139000,a@example.com
                    ,李雷,,li@example.com
                    ,李雷,,li@example.com
                    """);
            ImportReport report = read(sheet, store);

            assertThat(report.count(ImportedRow.Outcome.CHANGED)).isEqualTo(1);
            assertThat(report.count(ImportedRow.Outcome.UNCHANGED)).isEqualTo(2);
        }
    }

    /** The numbers of rows that are printed before the kill; rows become durable a hundred at a time. */
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {1, 60, 101, 150, 201, 260, 300})
    void F_903_an_import_killed_half_way_and_repeated_is_the_same_as_one_clean_run(int lines) throws Exception {
        Path sheet = bundled("customers.gbk.csv");
        String killed = "sqlite:" + folder.resolve("killed.db");
        String clean = "sqlite:" + folder.resolve("clean.db");
        String file = sheet.toString();

        assertThat(CrmProcess.kill(folder, lines, "import", file, "--json", "--store", killed))
                .isTrue();
        CrmProcess.run(folder, "", "import", file, "--json", "--store", killed);
        CrmProcess.run(folder, "", "import", file, "--json", "--store", clean);

        try (Store repeated = Store.open(killed);
                Store once = Store.open(clean)) {
            assertThat(everything(repeated)).isEqualTo(everything(once)).isNotEmpty();
            assertThat(read(sheet, repeated).changedNothing()).isTrue();
        }
    }

    private static ImportReport read(Path sheet, Store store) {
        SheetSource source = SheetSource.of(sheet);
        try (ConsentLedger ledger = ConsentLedger.open(store);
                SheetRows rows = source.open()) {
            RecordImport run = RecordImport.builder(store, CustomerRegistry.open(store), ledger)
                    .source(rows.name())
                    .fingerprint(source.fingerprint())
                    .build();
            SheetReader reader =
                    SheetReader.of(rows, Mapping.bundledFor(rows.header()).forColumns(rows.header()));
            while (reader.hasNext()) {
                SheetResult result = reader.next();
                if (result.record() != null) {
                    run.take(String.valueOf(result.number()), result.record());
                }
            }
            return run.finish();
        }
    }

    /** Customers by what their records say, the open questions, and how much the ledger holds; without ids and times of a run. */
    private static List<String> everything(Store store) throws IOException {
        CustomerRegistry registry = CustomerRegistry.open(store);
        List<String> all = new ArrayList<>();
        for (String after = ""; ; ) {
            List<GoldenCustomer> page = registry.list(after, 500);
            if (page.isEmpty()) {
                break;
            }
            page.forEach(customer -> all.add(records(customer)));
            after = page.get(page.size() - 1).id();
        }
        Collections.sort(all);
        all.add("questions " + registry.reviews().openPairs());
        try (ConsentLedger ledger = ConsentLedger.open(store);
                ByteArrayOutputStream events = new ByteArrayOutputStream()) {
            ledger.export(0, events);
            all.add("events " + events.toString(StandardCharsets.UTF_8).lines().count());
        }
        return all;
    }

    private static String records(GoldenCustomer customer) {
        TreeSet<String> records = new TreeSet<>();
        customer.records()
                .forEach(member -> records.add(
                        new String(CustomerJson.write(member.source().customer()), StandardCharsets.UTF_8)));
        return records.toString();
    }

    private Path bundled(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(Quickstart.class.getResourceAsStream("data/" + name))) {
            return Files.write(folder.resolve(name), in.readAllBytes());
        }
    }

    /**
     * The header stays where it is. So do numbers that count up from row to row stay together: that nobody wrote them is seen by
     * their neighbours only.
     */
    private Path shuffled(Path sheet, Random random) throws IOException {
        List<String> records = records(Files.readString(sheet, GBK));
        List<String> blocks = new ArrayList<>();
        boolean inSeries = false;
        try (SheetRows rows = SheetSource.of(sheet).open()) {
            while (rows.hasNext()) {
                SheetRow row = rows.next();
                String record = records.get(row.number() - 1);
                boolean continues = inSeries && !row.series().isEmpty();
                inSeries = !row.series().isEmpty();
                if (continues) {
                    blocks.add(blocks.remove(blocks.size() - 1) + "\r\n" + record);
                } else {
                    blocks.add(record);
                }
            }
        }
        Collections.shuffle(blocks.subList(1, blocks.size()), random);
        return Files.writeString(folder.resolve("sorted.csv"), String.join("\r\n", blocks) + "\r\n", GBK);
    }

    /** A record may go over several lines. */
    private static List<String> records(String text) {
        List<String> records = new ArrayList<>();
        String open = "";
        for (String line : text.split("\r\n")) {
            open += open.isEmpty() ? line : "\r\n" + line;
            if (open.chars().filter(c -> c == '"').count() % 2 == 0) {
                records.add(open);
                open = "";
            }
        }
        return records;
    }
}
