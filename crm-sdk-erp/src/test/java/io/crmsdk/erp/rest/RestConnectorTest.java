package io.crmsdk.erp.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.erp.rest.CustomerService.Reply;
import io.crmsdk.sync.Cause;
import io.crmsdk.sync.ConnectorContract;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.Found;
import io.crmsdk.sync.Page;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.sync.Settings;
import io.crmsdk.sync.Write;
import io.crmsdk.sync.Written;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestConnectorTest {
    private static final List<String> PAGINGS = List.of(
            "{kind: page, parameter: page, size-parameter: limit}",
            "{kind: offset, parameter: offset, size-parameter: limit}",
            "{kind: keyset, parameter: start, size-parameter: limit}",
            "{kind: cursor, parameter: start, size-parameter: limit, next: page.next}",
            "{kind: link, size-parameter: limit}");
    private static final String CURSOR = PAGINGS.get(3);

    @TempDir
    private Path folder;

    private CustomerService service;
    private final List<RestConnector> connectors = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        service = new CustomerService();
    }

    @AfterEach
    void stop() {
        connectors.forEach(RestConnector::close);
        service.close();
    }

    private RestConnector connector(String paging) {
        return connector(paging, 1);
    }

    private RestConnector connector(String paging, int attempts) {
        String yaml = """
                url: %s
                private-network: true
                plain-http: true
                attempts: %d
                system: shop
                object: Customer
                path: /customers
                items: items
                version: etag
                modified: updated_at
                time: rfc3339
                gone: archived
                key: external_ref
                page-size: 10
                paging: %s
                changes: {parameter: since}
                writes:
                  create: POST /customers
                  update: PATCH /customers/{id}
                  archive: DELETE /customers/{id}
                  condition: If-Match
                  keys: search
                  find-by: ref
                """.formatted(service.url(), attempts, paging);
        RestConnector connector = RestConnector.of(settings(yaml));
        connectors.add(connector);
        return connector;
    }

    private Settings settings(String yaml) {
        try {
            return Settings.load(Files.writeString(folder.resolve("rest.yaml"), yaml), Map.of("T", "token")::get);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Fields customer(int number) {
        return Fields.builder()
                .text("name", "Customer " + number)
                .text("city", "Bonn")
                .build();
    }

    @TestFactory
    Stream<DynamicTest> every_kind_of_paging_keeps_the_contract() {
        return PAGINGS.stream()
                .flatMap(paging -> ConnectorContract.of(
                                connector(paging),
                                RestConnectorTest::customer,
                                fields -> Fields.builder().text("city", "Ulm").build())
                        .checks()
                        .stream()
                        .map(check -> DynamicTest.dynamicTest(paging + ": " + check.name(), check::run)));
    }

    private static List<String> listed(RestConnector connector) {
        List<String> ids = new ArrayList<>();
        String next = null;
        do {
            Page page = connector.list(next, 10);
            page.records().stream().map(RemoteRecord::id).forEach(ids::add);
            next = page.next();
        } while (next != null && ids.size() < 10_000);
        return ids;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void F_803_a_page_that_is_smaller_than_asked_for_is_not_the_end_and_a_wrong_total_is_not_believed(int paging) {
        service.fill(35);
        if (paging > 0) {
            service.most = 3;
        }

        assertThat(listed(connector(PAGINGS.get(paging)))).containsExactlyElementsOf(service.ids());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void F_802_a_service_that_gives_its_first_page_for_ever_is_stopped(int paging) {
        service.fill(35);
        RestConnector connector = connector(PAGINGS.get(paging)
                .replace("parameter: page", "parameter: nopage")
                .replace("parameter: offset", "parameter: nooffset"));

        assertThatThrownBy(() -> listed(connector)).hasMessageContaining("PAGE_REPEATED");
    }

    @Test
    void F_804_a_failure_on_a_page_is_no_page_and_the_same_page_can_be_asked_for_again() {
        service.fill(35);
        RestConnector connector = connector(CURSOR);
        String second = connector.list(null, 10).next();
        service.fault = (request, reply) -> Reply.of(403, "{}");

        assertThatThrownBy(() -> connector.list(second, 10)).isInstanceOf(ConnectorException.class);
        service.fault = (request, reply) -> null;

        assertThat(connector.list(second, 10).records()).hasSize(10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":\"no\"}",
                "{\"items\":null}",
                "{\"items\":{}}",
                "<html>maintenance</html>",
                "{\"items\":[{\"id\":\"c1\"},",
                ""
            })
    void F_505_F_807_a_success_without_the_list_is_a_failure_and_never_an_empty_list(String body) {
        service.fill(3);
        service.fault = (request, reply) -> Reply.of(200, body);

        assertThatThrownBy(() -> connector(CURSOR).list(null, 10)).isInstanceOf(ConnectorException.class);
    }

    @Test
    void records_that_are_made_while_pages_are_read_by_key_push_nobody_out() {
        service.fill(35);
        RestConnector connector = connector(CURSOR);
        List<String> before = service.ids();
        List<String> seen = new ArrayList<>();
        Page page = connector.list(null, 10);
        page.records().forEach(record -> seen.add(record.id()));
        for (String next = page.next(); next != null; next = page.next()) {
            service.fill(1);
            page = connector.list(next, 10);
            page.records().forEach(record -> seen.add(record.id()));
        }

        assertThat(seen).containsAll(before).doesNotHaveDuplicates();
    }

    @Test
    void F_509_an_answer_that_breaks_off_is_a_failure() {
        service.fill(30);
        service.fault = (request, reply) -> new Reply(200, reply.headers(), reply.body(), true);

        assertThatThrownBy(() -> connector(CURSOR).list(null, 10)).isInstanceOf(ConnectorException.class);
    }

    @Test
    void F_821_a_limit_is_waited_out_and_the_record_is_written_once() {
        AtomicInteger turnedAway = new AtomicInteger();
        service.fault = (request, reply) ->
                turnedAway.getAndIncrement() == 0 ? new Reply(429, Map.of("Retry-After", "0"), "{}", false) : null;

        assertThat(connector(CURSOR, 3).list(null, 10).records()).isEmpty();
        assertThat(turnedAway).hasValue(2);
    }

    @Test
    void F_503_F_814_a_create_that_was_done_but_not_answered_is_unknown_and_is_found_by_its_key() {
        RestConnector connector = connector(CURSOR);
        service.fault = (request, reply) -> request.startsWith("POST") ? Reply.of(500, "{}") : null;

        List<Written> written = connector.write(List.of(new Write.Create("r", "key-1", customer(1))));

        assertThat(written).hasSize(1).first().isInstanceOf(Written.Unknown.class);
        assertThat(service.count("key-1")).isEqualTo(1);
        assertThat(connector.find("key-1")).hasSize(1);
    }

    @Test
    void F_813_a_conflict_is_told_as_changed_and_a_refusal_as_refused() {
        service.fill(1);
        RestConnector connector = connector(CURSOR);
        String id = service.ids().get(0);
        Write update = new Write.Update("r", id, "v0", customer(2));

        assertThat(connector.write(List.of(update)).get(0)).isInstanceOf(Written.Changed.class);
        service.fault = (request, reply) -> Reply.of(409, "{}");
        assertThat(connector.write(List.of(update)).get(0)).isInstanceOf(Written.Changed.class);
        service.fault = (request, reply) -> Reply.of(422, "{}");
        assertThat(connector.write(List.of(update)).get(0))
                .isEqualTo(new Written.Refused("r", Cause.DATA, "HTTP_422", "declined with status 422"));
    }

    @Test
    void F_815_each_write_of_a_batch_has_its_own_result() {
        RestConnector connector = connector(CURSOR);
        service.fault = (request, reply) -> reply.body().contains("Customer 2") ? Reply.of(422, "{}") : null;
        List<Write> writes = List.of(
                new Write.Create("a", "k1", customer(1)),
                new Write.Create("b", "k2", customer(2)),
                new Write.Create("c", "k3", customer(3)));

        List<Written> results = connector.write(writes);

        assertThat(results).extracting(Written::ref).containsExactly("a", "b", "c");
        assertThat(results.get(0)).isInstanceOf(Written.Stored.class);
        assertThat(results.get(1)).isInstanceOf(Written.Refused.class);
        assertThat(results.get(2)).isInstanceOf(Written.Stored.class);
    }

    @Test
    void an_id_with_a_slash_leads_nowhere_else() {
        RestConnector connector = connector(CURSOR);

        assertThat(connector.fetch("a/b?c")).isInstanceOf(Found.Gone.class);
        assertThat(service.requests).containsExactly("GET /customers/a%2Fb%3Fc");
    }

    @Test
    void F_905_contradictions_are_refused_when_the_settings_are_read() {
        String base = "url: https://shop.example.com\nsystem: shop\nobject: Customer\npath: /c\n";

        assertThatThrownBy(() -> RestConnector.of(settings(base + "pagin: {kind: none}\n")))
                .hasMessageContaining("pagin: is not known here; did you mean paging?");
        assertThatThrownBy(() -> RestConnector.of(settings(base + "changes: {parameter: since}\n")))
                .hasMessageContaining("needs modified");
        assertThatThrownBy(() -> RestConnector.of(settings(base + "auth: {kind: bearer, token: abc}\n")))
                .hasMessageContaining("a secret does not belong into this file");
        assertThatThrownBy(() -> RestConnector.of(settings(base + "writes: {update: /c/{id}}\n")))
                .isInstanceOf(Exception.class);
        assertThatThrownBy(() ->
                        RestConnector.of(settings(base + "modified: at\ntime: local\nchanges: {parameter: since}\n")))
                .hasMessageContaining("NO_ZONE");
    }
}
