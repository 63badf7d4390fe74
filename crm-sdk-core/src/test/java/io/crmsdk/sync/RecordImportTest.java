package io.crmsdk.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.consent.ConsentDecision;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
import io.crmsdk.identity.CustomerRegistry;
import io.crmsdk.identity.GoldenCustomer;
import io.crmsdk.mapping.Mapping;
import io.crmsdk.mapping.RowMapping;
import io.crmsdk.quality.Cell;
import io.crmsdk.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows become records, opt-outs or kept rejects; the same reading again changes nothing. */
class RecordImportTest {
    private static final List<String> HEADER = List.of("客户编号", "客户名称", "联系人", "手机", "邮箱", "是否退订");
    private static final Scope MARKETING = Scope.of("marketing");

    @TempDir
    Path folder;

    private Store store;
    private CustomerRegistry registry;
    private ConsentLedger ledger;
    private final List<ImportedRow> told = new ArrayList<>();

    @BeforeEach
    void open() {
        store = Store.sqlite(folder.resolve("crm.db"));
        registry = CustomerRegistry.open(store);
        ledger = ConsentLedger.open(store);
    }

    @AfterEach
    void close() {
        ledger.close();
        store.close();
    }

    private ImportReport read(String version, String... lines) {
        RowMapping rows = Mapping.bundledFor(HEADER).forColumns(HEADER);
        RecordImport run = RecordImport.builder(store, registry, ledger)
                .source("customers.csv")
                .version(version)
                .listener(told::add)
                .batch(3)
                .build();
        for (int i = 0; i < lines.length; i++) {
            List<Cell> cells =
                    Stream.of(lines[i].split(",", -1)).map(Cell::text).toList();
            run.take(String.valueOf(i + 2), rows.read(i + 2, cells));
        }
        return run.finish();
    }

    private boolean mayMail(String address) {
        return ledger.decide(ContactKey.email(address), MARKETING).allowed();
    }

    @Test
    void every_row_ends_as_a_customer_or_as_a_reject_and_is_told_in_order() {
        ImportReport report = read(
                "1",
                "100001,上海云帆科技有限公司,张伟,15921734586,zhang.wei@example.com,否",
                "100002,北京远山贸易有限公司,李娜,18621750943,li.na@example.com,是",
                "100003,,,,,",
                "100004,广州长河食品有限公司,王芳,13761829405,wang.fang@example.com,否");

        assertThat(report.rows()).isEqualTo(4);
        assertThat(told).extracting(ImportedRow::row).containsExactly("2", "3", "4", "5");
        assertThat(report.optOuts()).isEqualTo(1);
        assertThat(ledger.decide(ContactKey.email("li.na@example.com"), MARKETING)
                        .verdict())
                .isEqualTo(ConsentDecision.Verdict.OPTED_OUT);
        long customers = registry.list("", 100).size();
        assertThat(customers + report.count(ImportedRow.Outcome.REJECTED) + report.count(ImportedRow.Outcome.LINKED))
                .isEqualTo(4);
    }

    @Test
    void the_same_reading_again_changes_nothing() {
        String[] lines = {
            "100001,上海云帆科技有限公司,张伟,15921734586,zhang.wei@example.com,否",
            "100001,上海云帆科技有限公司,张伟,15921734586,zhang.wei@example.com,是",
            "100002,北京远山贸易有限公司,李娜,18621750943,li.na@example.com,是"
        };
        read("1", lines);
        long customers = registry.list("", 100).size();
        ImportReport again = read("1", lines);

        assertThat(again.changedNothing()).isTrue();
        assertThat(registry.list("", 100)).hasSize((int) customers);
    }

    @Test
    void people_whose_rows_disagree_are_opted_out_at_all_their_addresses() {
        read("1", "100001,上海云帆科技有限公司,张伟,15921734586,zhang.wei@example.com,否", "100001,上海云帆科技有限公司,张伟,15921734586,,是");
        List<GoldenCustomer> all = registry.list("", 100);

        assertThat(all).hasSize(1);
        assertThat(mayMail("zhang.wei@example.com")).isFalse();
        assertThat(ledger.decide(ContactKey.email("zhang.wei@example.com"), MARKETING)
                        .verdict())
                .isEqualTo(ConsentDecision.Verdict.OPTED_OUT);
    }

    @Test
    void a_yes_in_a_cell_never_permits_anything() {
        read("1", "100001,上海云帆科技有限公司,张伟,15921734586,zhang.wei@example.com,是");
        read("2", "100001,上海云帆科技有限公司,张伟,15921734586,zhang.wei@example.com,否");

        assertThat(mayMail("zhang.wei@example.com")).isFalse();
        assertThat(ledger.decide(ContactKey.email("zhang.wei@example.com"), MARKETING)
                        .verdict())
                .isEqualTo(ConsentDecision.Verdict.OPTED_OUT);
    }
}
