package io.crmsdk.erp.tryton;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.http.HttpOutcome;
import io.crmsdk.sync.Fields;
import io.crmsdk.time.UtcClock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Somebody who works on the books with Tryton's own wizards. */
final class Bookkeeper {
    private final TrytonServer server;

    Bookkeeper(TrytonServer server) {
        this.server = server;
    }

    /** Takes a part of an invoice in cash; gives the id of the line that pays it. */
    long pay(long invoice, String amount) {
        List<Long> before = payments(invoice);
        Map<String, Object> context = about("account.invoice", invoice);
        Map<String, Object> start = new LinkedHashMap<>();
        start.put("amount", decimal(amount));
        start.put("currency", 1);
        start.put("currency_digits", 2);
        start.put("company", 1);
        start.put("payment_method", 1);
        start.put("date", today());
        start.put("description", "part");
        Map<String, Object> ask = new LinkedHashMap<>(start);
        ask.remove("description");
        ask.remove("payment_method");
        ask.remove("date");
        ask.put("type", "partial");
        ask.put("lines", List.of());
        ask.put("payment_lines", List.of());
        ask.put("lines_to_pay", List.of());

        long session = begin("account.invoice.pay", context);
        step("account.invoice.pay", session, "choice", Map.of("start", start), context);
        step("account.invoice.pay", session, "pay", Map.of("start", start, "ask", ask), context);
        List<Long> after = new ArrayList<>(payments(invoice));
        after.removeAll(before);
        assertThat(after).hasSize(1);
        return after.get(0);
    }

    /** Cancels the move of a line by its counterpart, and reconciles both. */
    void cancel(long line) {
        Fields found = server.read(
                        TrytonBooks.LINE, List.<Object>of(List.<Object>of("id", "=", line)), 1, List.<Object>of("move"))
                .get(0);
        Map<String, Object> context = about("account.move", TrytonBooks.number(found, "move"));
        long session = begin("account.move.cancel", context);
        step(
                "account.move.cancel",
                session,
                "cancel",
                Map.of("default", Map.<String, Object>of("description", "undone")),
                context);
    }

    String open(long invoice) {
        Fields found = server.read(
                        TrytonBooks.INVOICE,
                        List.<Object>of(List.<Object>of("id", "=", invoice)),
                        1,
                        List.<Object>of("amount_to_pay"))
                .get(0);
        return String.valueOf(found.text("amount_to_pay.decimal"));
    }

    private List<Long> payments(long invoice) {
        return TrytonBooks.ids(
                server.read(
                                TrytonBooks.INVOICE,
                                List.<Object>of(List.<Object>of("id", "=", invoice)),
                                1,
                                List.<Object>of("payment_lines"))
                        .get(0),
                "payment_lines");
    }

    private static Map<String, Object> about(String model, long id) {
        return Map.of("active_model", model, "active_id", id, "active_ids", List.of(id), "company", 1);
    }

    private long begin(String wizard, Map<String, Object> context) {
        String answer = done(server.call("wizard." + wizard + ".create", List.of(), context, false));
        return Long.parseLong(answer.replaceAll("\\D*(\\d+).*", "$1"));
    }

    private void step(
            String wizard, long session, String state, Map<String, Object> data, Map<String, Object> context) {
        done(server.call("wizard." + wizard + ".execute", List.<Object>of(session, data, state), context, false));
    }

    private static String done(HttpOutcome outcome) {
        assertThat(outcome).isInstanceOf(HttpOutcome.Accepted.class);
        return String.valueOf(
                Fields.parse(((HttpOutcome.Accepted) outcome).answer().utf8()).get("result"));
    }

    static Map<String, Object> decimal(String amount) {
        return Map.of("__class__", "Decimal", "decimal", amount);
    }

    private static Map<String, Object> today() {
        LocalDate day =
                UtcClock.system().instant().atOffset(ZoneOffset.ofHours(8)).toLocalDate();
        return Map.of(
                "__class__", "date", "year", day.getYear(), "month", day.getMonthValue(), "day", day.getDayOfMonth());
    }
}
