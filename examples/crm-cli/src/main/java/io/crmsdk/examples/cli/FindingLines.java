package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.quality.Finding;
import java.util.Locale;

/** Findings as objects of the contract. */
final class FindingLines {
    private FindingLines() {}

    static ObjectNode finding(Finding finding) {
        ObjectNode node = JsonLines.object();
        node.put("column", finding.column()).put("field", finding.field()).put("code", finding.code());
        node.put("certainty", finding.certainty().name().toLowerCase(Locale.ROOT));
        node.put("action", finding.action().name().toLowerCase(Locale.ROOT));
        return node.put("raw", finding.raw()).put("value", finding.value()).put("message", finding.message());
    }
}
