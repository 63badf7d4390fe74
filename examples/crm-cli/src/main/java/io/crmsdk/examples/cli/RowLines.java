package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.erp.file.SheetResult;
import io.crmsdk.mapping.MappedRecord;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.Money;
import io.crmsdk.model.PartialDate;
import io.crmsdk.model.PhoneNumber;
import io.crmsdk.model.VipLevel;
import io.crmsdk.quality.OptOut;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rows of a sheet as lines of the contract: the fields by the names of their rules, and every finding. */
final class RowLines {
    private RowLines() {}

    static ObjectNode line(String file, SheetResult result) {
        ObjectNode line = JsonLines.object();
        line.put("file", file).put("row", result.number());
        line.put("outcome", result.outcome().name().toLowerCase(Locale.ROOT));
        MappedRecord record = result.record();
        if (record != null && !record.rejected()) {
            ObjectNode customer = line.putObject("customer");
            record.values().forEach((field, value) -> put(customer, field, value));
        }
        ArrayNode findings = line.putArray("findings");
        result.findings().forEach(finding -> findings.add(FindingLines.finding(finding)));
        return line;
    }

    private static void put(ObjectNode customer, String field, @Nullable Object value) {
        if (value instanceof VipLevel level) {
            if (level.tier().isPresent()) {
                customer.put(field, level.tier().getAsInt());
            } else {
                customer.putNull(field);
            }
        } else if (value instanceof OptOut state) {
            customer.put(field, state == OptOut.UNKNOWN ? null : (Boolean) (state == OptOut.OPTED_OUT));
        } else {
            customer.put(field, text(value));
        }
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value instanceof PhoneNumber number) {
            return number.text() == null ? number.raw() : number.text();
        }
        if (value instanceof EmailAddress address) {
            return address.raw();
        }
        if (value instanceof Money money) {
            return money.amount().toPlainString();
        }
        if (value instanceof PartialDate date) {
            return date.text();
        }
        return value == null ? null : value.toString();
    }
}
