package io.crmsdk.erp.tryton;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.erp.file.SheetConnector;
import io.crmsdk.erp.file.SheetSource;
import io.crmsdk.store.Store;
import io.crmsdk.sync.ConnectorContract;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.Found;
import io.crmsdk.sync.Page;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.sync.SyncPair;
import io.crmsdk.sync.SyncPlan;
import io.crmsdk.sync.SyncReport;
import io.crmsdk.sync.Write;
import io.crmsdk.sync.Written;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Against a real server with a real database. */
@Tag("slow")
class TrytonPartiesTest {
    @TempDir
    private Path folder;

    private TrytonParties parties;
    private final String run = UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void connect() throws IOException, InterruptedException {
        parties = TrytonParties.of(TrytonServer.of(RealTryton.settings(folder)), "demo");
    }

    @AfterEach
    void disconnect() {
        if (parties != null) {
            parties.close();
        }
    }

    private Fields party(int number) {
        return Fields.builder()
                .text("code", "T-" + run + "-" + number)
                .text("name", "华东贸易 " + number)
                .text("email", "p" + number + "@example.com")
                .build();
    }

    @TestFactory
    Stream<DynamicTest> a_real_server_keeps_the_contract() {
        return ConnectorContract.of(
                        parties,
                        number -> party(number).toBuilder()
                                .text("code", "C-" + UUID.randomUUID())
                                .build(),
                        fields -> Fields.builder()
                                .text("email", "changed@example.com")
                                .build())
                .checks()
                .stream()
                .map(check -> DynamicTest.dynamicTest(check.name(), check::run));
    }

    private RemoteRecord made(int number) {
        Written written = parties.write(List.of(new Write.Create("r", run + "-" + number, party(number))))
                .get(0);
        assertThat(written).isInstanceOf(Written.Stored.class);
        return ((Written.Stored) written).record();
    }

    private List<String> changedSince(String token) {
        List<String> ids = new ArrayList<>();
        String next = token;
        do {
            Page page = parties.changesAfter(next, 50);
            page.records().forEach(record -> ids.add(record.id()));
            next = page.next();
        } while (next != null);
        return ids;
    }

    @Test
    void F_813_a_changed_mail_address_alone_is_another_version_and_among_the_changes() {
        String token = parties.token();
        RemoteRecord before = made(1);
        Fields mail = Fields.builder().text("email", "new@example.com").build();
        parties.write(List.of(new Write.Update("u", before.id(), before.version(), mail)));

        Fields name = Fields.builder().text("name", "Somebody").build();
        Written late = parties.write(List.of(new Write.Update("l", before.id(), before.version(), name)))
                .get(0);

        assertThat(late).isInstanceOf(Written.Changed.class);
        assertThat(changedSince(token)).contains(before.id());
    }

    @Test
    void an_emptied_address_is_taken_out_of_use_and_the_name_stays() {
        RemoteRecord before = made(2);
        Fields none = Fields.builder().empty("email").build();

        Written written = parties.write(List.of(new Write.Update("u", before.id(), before.version(), none)))
                .get(0);

        RemoteRecord after = ((Written.Stored) written).record();
        assertThat(after.fields().isEmptyAt("email")).isTrue();
        assertThat(after.fields().text("name")).isEqualTo("华东贸易 2");
    }

    @Test
    void F_808_a_number_that_is_taken_is_refused_and_nothing_is_made() {
        made(3);

        Written again = parties.write(List.of(new Write.Create("r", run + "-again", party(3))))
                .get(0);

        assertThat(again).isInstanceOf(Written.Refused.class);
        assertThat(parties.find(run + "-again")).isEmpty();
    }

    @Test
    void a_sheet_is_brought_over_once_and_a_second_run_writes_nothing() throws IOException {
        StringBuilder csv = new StringBuilder("No,code,name,email\n");
        for (int i = 1; i <= 12; i++) {
            csv.append(i)
                    .append(",S-")
                    .append(run)
                    .append('-')
                    .append(i)
                    .append(",Customer ")
                    .append(i)
                    .append(",s")
                    .append(i)
                    .append("@example.com\n");
        }
        Path file = Files.writeString(folder.resolve("customers.csv"), csv);
        try (Store store = Store.sqlite(folder.resolve("sync.db"));
                SheetConnector sheet = SheetConnector.of(SheetSource.of(file), "No")) {
            SyncPair pair = SyncPair.builder("sheet-tryton", store)
                    .source(sheet)
                    .target(parties)
                    .build();
            SyncPlan plan = pair.plan();
            SyncReport report = pair.apply(plan.hash());

            assertThat(report.created()).isEqualTo(12);
            assertThat(report.failed()).isZero();
            assertThat(pair.plan().changes()).isZero();
        }
    }

    @Test
    void an_archived_party_is_gone_for_a_direct_look() {
        RemoteRecord before = made(4);

        parties.write(List.of(new Write.Archive("a", before.id(), before.version())));

        assertThat(parties.fetch(before.id())).isInstanceOf(Found.Gone.class);
    }
}
