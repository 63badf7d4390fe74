package io.crmsdk.erp.tryton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.erp.file.SheetConnector;
import io.crmsdk.erp.file.SheetSource;
import io.crmsdk.store.Store;
import io.crmsdk.sync.Cause;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.Hold;
import io.crmsdk.sync.SyncPair;
import io.crmsdk.sync.SyncPlan;
import io.crmsdk.sync.SyncReport;
import io.crmsdk.sync.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server whose clock is eight hours late. */
@Tag("slow")
class WrongClockTest {
    @TempDir
    private Path folder;

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        RealTryton.stopWrongClock();
    }

    @Test
    void a_server_that_is_eight_hours_behind_is_read_and_never_written() throws IOException, InterruptedException {
        Path sheet = Files.writeString(folder.resolve("customers.csv"), "No,code,name\n1,W-1,Late Customer\n");
        try (TrytonServer server = TrytonServer.of(RealTryton.wrongClock(folder, "-8h"));
                TrytonParties parties = TrytonParties.of(server, "late");
                Store store = Store.sqlite(folder.resolve("sync.db"));
                SheetConnector source = SheetConnector.of(SheetSource.of(sheet), "No")) {
            SyncPair pair = SyncPair.builder("sheet-late", store)
                    .source(source)
                    .target(parties)
                    .controls(server::clockHolds)
                    .build();

            SyncPlan plan = pair.plan();
            assertThat(plan.isHeld()).isTrue();
            assertThat(server.clockHolds()).extracting(Hold::kind).containsExactly(Hold.Kind.CLOCK);
            pair.approve(plan.hash(), plan.changes(), "somebody");
            SyncReport report = pair.apply(plan.hash());

            assertThat(report.created()).isZero();
            Fields fields =
                    Fields.builder().text("code", "W-2").text("name", "Late").build();
            assertThatThrownBy(() -> parties.write(List.of(new Write.Create("r", "w-2", fields))))
                    .isInstanceOfSatisfying(ConnectorException.class, e -> {
                        assertThat(e.code()).isEqualTo("TRYTON_CLOCK");
                        assertThat(e.kind()).isEqualTo(Cause.DOWN);
                        assertThat(e).hasMessageContaining("behind");
                    });
            assertThat(server.count("party.party", List.of(List.<Object>of("code", "in", List.of("W-1", "W-2")))))
                    .isZero();
        }
    }
}
