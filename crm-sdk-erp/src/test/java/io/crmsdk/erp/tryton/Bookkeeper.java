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
        return pay(invoice, amount, 1);
    }

    /** The same in another currency than the company's. */
    long pay(long invoice, String amount, long currency) {
        List<Long> before = payments(invoice);
        Map<String, Object> context = about("account.invoice", invoice);
        Map<String, Object> start = new LinkedHashMap<>();
        start.put("amount", decimal(amount));
        start.put("currency", currency);
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

    /** The id of a currency of 0.9 to the company's; only an administrator may make one. */
    long currency(String code) {
        List<Object> named = List.<Object>of(List.<Object>of("code", "=", code));
        List<Fields> found = server.read("currency.currency", named, 1, List.<Object>of("code"));
        if (!found.isEmpty()) {
            return TrytonBooks.number(found.get(0), "id");
        }
        LocalDate newYear = UtcClock.system()
                .instant()
                .atOffset(ZoneOffset.ofHours(8))
                .toLocalDate()
                .withDayOfYear(1);
        Map<String, Object> rate = Map.of("date", date(newYear), "rate", decimal("0.9"));
        Map<String, Object> currency =
                Map.of("name", code, "symbol", code, "code", code, "rates", List.of(List.of("create", List.of(rate))));
        return made(server.call(
                "model.currency.currency.create", List.<Object>of(List.of(currency)), Map.of("company", 1), false));
    }

    /** Posts an invoice of one line without tax; gives its id. */
    long bill(String amount, long currency) {
        Map<String, Object> line = Map.of(
                "type",
                "line",
                "invoice_type",
                "out",
                "company",
                1,
                "currency",
                currency,
                "account",
                6,
                "quantity",
                1,
                "unit_price",
                decimal(amount),
                "description",
                "a service");
        Map<String, Object> invoice = new LinkedHashMap<>(Map.of(
                "type", "out",
                "company", 1,
                "party", 3,
                "invoice_address", 3,
                "journal", 1,
                "account", 5,
                "payment_term", 1,
                "currency", currency));
        invoice.put("invoice_date", today());
        invoice.put("lines", List.of(List.of("create", List.of(line))));
        Map<String, Object> context = Map.of("company", 1);
        long id = made(server.call("model.account.invoice.create", List.<Object>of(List.of(invoice)), context, false));
        done(server.call("model.account.invoice.post", List.<Object>of(List.of(id)), context, false));
        return id;
    }

    /** Takes an invoice back by a credit note over all of it. */
    void credit(long invoice) {
        Map<String, Object> context = about("account.invoice", invoice);
        Map<String, Object> start = Map.of("with_refund", true, "with_refund_allowed", true, "invoice_date", today());
        long session = begin("account.invoice.credit", context);
        step("account.invoice.credit", session, "credit", Map.of("start", start), context);
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
        return made(server.call("wizard." + wizard + ".create", List.of(), context, false));
    }

    private void step(
            String wizard, long session, String state, Map<String, Object> data, Map<String, Object> context) {
        done(server.call("wizard." + wizard + ".execute", List.<Object>of(session, data, state), context, false));
    }

    /** The first number of an answer. */
    private static long made(HttpOutcome outcome) {
        return Long.parseLong(done(outcome).replaceAll("\\D*(\\d+).*", "$1"));
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
        return date(day);
    }

    private static Map<String, Object> date(LocalDate day) {
        return Map.of(
                "__class__", "date", "year", day.getYear(), "month", day.getMonthValue(), "day", day.getDayOfMonth());
    }
}
