package io.crmsdk.erp.tryton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
import io.crmsdk.store.Store;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.Found;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.sync.Write;
import io.crmsdk.sync.Written;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mailing list of a real server: three of its seven addresses left it. */
@Tag("slow")
class TrytonOptOutsTest {
    private static final Scope SCOPE = Scope.of("marketing/newsletter");
    private static final String LEFT = "office@sunrise-west.example";
    private static final List<Object> ON_LIST = List.<Object>of("email", "active");

    @TempDir
    private Path folder;

    private TrytonServer server;
    private Store store;
    private ConsentLedger ledger;

    @BeforeEach
    void connect() throws IOException, InterruptedException {
        server = TrytonServer.of(RealTryton.settings(folder));
        store = Store.sqlite(folder.resolve("consent.db"));
        ledger = ConsentLedger.open(store);
    }

    @AfterEach
    void disconnect() {
        if (store != null) {
            ledger.close();
            store.close();
            server.close();
        }
    }

    private TrytonOptOuts list() {
        return TrytonOptOuts.of(server, "demo", "Newsletter");
    }

    private List<Fields> rows() {
        return server.read("marketing.email", List.of(), 1000, ON_LIST);
    }

    @Test
    void F_703_who_left_the_list_is_an_opt_out_once_and_nobody_is_granted_anything() {
        TrytonOptOuts.Taken first = list().take(store, ledger, SCOPE);
        TrytonOptOuts.Taken again = list().take(store, ledger, SCOPE);

        assertThat(first).isEqualTo(new TrytonOptOuts.Taken(7, 3, 3, 0));
        assertThat(again).isEqualTo(new TrytonOptOuts.Taken(7, 3, 0, 0));
        assertThat(ledger.decide(ContactKey.email("Office@Sunrise-West.example"), SCOPE)
                        .allowed())
                .isFalse();
        assertThat(ledger.decide(ContactKey.email("old@retired.example"), SCOPE).allowed())
                .isFalse();
        assertThat(ledger.decide(ContactKey.email("ada@analytical.example"), SCOPE))
                .hasToString(ledger.decide(ContactKey.email("nobody@analytical.example"), SCOPE)
                        .toString());
    }

    @Test
    void F_818_writing_a_party_with_an_address_that_left_subscribes_nobody() {
        List<Fields> before = rows();
        TrytonParties parties = TrytonParties.of(server, "demo");
        String code = "O-" + UUID.randomUUID();
        Fields party = Fields.builder()
                .text("code", code)
                .text("name", "Another Sunrise")
                .text("email", LEFT)
                .build();

        Written made =
                parties.write(List.of(new Write.Create("r", code, party))).get(0);
        RemoteRecord record = ((Written.Stored) made).record();
        Fields gone =
                Fields.builder().text("email", "wang.wei@sunrise-west.example").build();
        parties.write(List.of(new Write.Update("u", record.id(), record.version(), gone)));

        assertThat(((Found.Present) parties.fetch(record.id()))
                        .record()
                        .fields()
                        .text("email"))
                .isEqualTo("wang.wei@sunrise-west.example");
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void a_misspelt_list_is_not_a_list_that_nobody_left() {
        TrytonOptOuts misspelt = TrytonOptOuts.of(server, "demo", "Newsleter");

        assertThatThrownBy(() -> misspelt.take(store, ledger, SCOPE))
                .isInstanceOf(ConnectorException.class)
                .hasMessageContaining("nothing was recorded");
    }
}
