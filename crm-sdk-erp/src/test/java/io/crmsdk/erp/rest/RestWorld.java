package io.crmsdk.erp.rest;

import io.crmsdk.sync.Connector;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.Settings;
import io.crmsdk.testkit.ConnectorWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A customer service that pages in one of its ways, lent to trials. */
final class RestWorld implements ConnectorWorld {
    static final String CURSOR = "{kind: cursor, parameter: start, size-parameter: limit, next: page.next}";

    private final CustomerService service;
    private final String paging;
    private final Path folder;

    RestWorld(String paging, Path folder) {
        this.paging = paging;
        this.folder = folder;
        try {
            this.service = new CustomerService();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public URI address() {
        return URI.create(service.url());
    }

    @Override
    public Connector connect(URI through) {
        String yaml = """
                url: %s
                private-network: true
                plain-http: true
                attempts: 1
                system: shop
                object: Customer
                path: /customers
                items: items
                version: etag
                modified: updated_at
                time: rfc3339
                gone: archived
                key: external_ref
                page-size: 100
                paging: %s
                changes: {parameter: since}
                writes:
                  create: POST /customers
                  update: PATCH /customers/{id}
                  archive: DELETE /customers/{id}
                  condition: If-Match
                  keys: search
                  find-by: ref
                """.formatted(through, paging);
        try {
            return RestConnector.of(Settings.load(Files.writeString(folder.resolve("world.yaml"), yaml), name -> null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Fields sample(int number) {
        return Fields.builder()
                .text("name", "Customer " + number)
                .text("city", "City " + number)
                .build();
    }

    @Override
    public Fields change(int number) {
        return Fields.builder().text("city", "Town " + number).build();
    }

    @Override
    public Optional<Fields> unacceptable() {
        return Optional.of(
                Fields.builder().text("name", "refused").text("city", "Bonn").build());
    }

    @Override
    public String make(Fields fields) {
        return service.make(fields);
    }

    @Override
    public void edit(String id, Fields changes) {
        service.edit(id, changes);
    }

    @Override
    public Map<String, Fields> records() {
        return service.records();
    }

    @Override
    public boolean stopTime(boolean stopped) {
        service.stopTime(stopped);
        return true;
    }

    @Override
    public Optional<String> makeLate(Fields fields, Duration before) {
        return Optional.of(service.makeLate(fields, before));
    }

    @Override
    public boolean dropField(String path) {
        service.drop(path);
        return true;
    }

    @Override
    public void close() {
        service.close();
    }
}
