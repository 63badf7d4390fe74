package io.crmsdk.identity;

import io.crmsdk.fixtures.SharedFiles;
import io.crmsdk.model.Customer;
import io.crmsdk.model.CustomerEmail;
import io.crmsdk.model.CustomerKind;
import io.crmsdk.model.CustomerPhone;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.ExternalId;
import io.crmsdk.model.Organization;
import io.crmsdk.model.PartialDate;
import io.crmsdk.model.PhoneNumber;
import io.crmsdk.model.PostalAddress;
import io.crmsdk.model.TaxId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rows of the labelled trap set as canonical customers; rows of one person stand together, so that a part holds whole people. */
final class TrapRows {
    private TrapRows() {}

    static List<SourceRecord> read(int most) throws IOException {
        Path folder = SharedFiles.need("data/identity/crm-traps");
        Map<String, List<String>> rows = new HashMap<>();
        List<List<String>> all = CsvRows.read(folder.resolve("records.csv"));
        all.subList(1, all.size()).forEach(row -> rows.put(row.get(0), row));
        List<List<String>> truth = new ArrayList<>(CsvRows.read(folder.resolve("truth.csv")));
        truth.remove(0);
        truth.sort((a, b) -> a.get(1).compareTo(b.get(1)));
        return truth.stream()
                .limit(most)
                .map(person -> record(rows.get(person.get(0))))
                .toList();
    }

    private static SourceRecord record(List<String> row) {
        boolean person = !row.get(5).isEmpty();
        String name = person ? row.get(5) : row.get(3);
        Customer.Builder to = Customer.builder(person ? CustomerKind.PERSON : CustomerKind.ORGANIZATION)
                .displayName(name.isEmpty() ? "?" : name);
        if (!row.get(3).isEmpty() || !row.get(4).isEmpty()) {
            Organization.Builder company = Organization.builder();
            if (!row.get(3).isEmpty()) {
                company.legalName(row.get(3));
            }
            if (!row.get(4).isEmpty()) {
                company.addTaxId(new TaxId("TAX", null, row.get(4)));
            }
            to.organization(company.build());
        }
        EmailAddress.tryParse(row.get(8))
                .ifPresent(address -> to.addEmail(
                        row.get(9).equals("true")
                                ? CustomerEmail.builder(address)
                                        .verifiedAt(Instant.parse("2026-01-01T00:00:00Z"))
                                        .build()
                                : CustomerEmail.of(address)));
        PhoneNumber.tryParse(row.get(10), row.get(15).isEmpty() ? "CN" : row.get(15))
                .ifPresent(number -> to.addPhone(CustomerPhone.of(number)));
        if (!row.get(12).isEmpty() || !row.get(13).isEmpty() || !row.get(14).isEmpty()) {
            PostalAddress.Builder address = PostalAddress.builder();
            if (!row.get(12).isEmpty()) {
                address.street(row.get(12));
            }
            if (!row.get(13).isEmpty()) {
                address.locality(row.get(13));
            }
            if (!row.get(14).isEmpty()) {
                address.postalCode(row.get(14));
            }
            to.addAddress(address.build());
        }
        if (row.get(16).matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
            to.birthday(PartialDate.parse(row.get(16)));
        }
        return new SourceRecord(ExternalId.of(row.get(1), "Contact", row.get(0)), to.build());
    }
}
