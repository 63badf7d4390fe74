package io.crmsdk.examples.quickstart;

import io.crmsdk.consent.ConsentDecision;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ConsentPolicy;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Rank;
import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.delivery.HistoryEntry;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.erp.file.RowOutcome;
import io.crmsdk.examples.cli.Progress;
import io.crmsdk.examples.sandbox.SandboxConnector;
import io.crmsdk.examples.sandbox.SandboxCustomer;
import io.crmsdk.examples.sandbox.SandboxErp;
import io.crmsdk.http.HttpGateway;
import io.crmsdk.identity.CustomerRegistry;
import io.crmsdk.identity.GoldenCustomer;
import io.crmsdk.model.Customer;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.quality.OptOut;
import io.crmsdk.store.Store;
import io.crmsdk.sync.CustomerSource;
import io.crmsdk.sync.Hold;
import io.crmsdk.sync.ImportReport;
import io.crmsdk.sync.RecordImport;
import io.crmsdk.sync.SyncPair;
import io.crmsdk.sync.SyncPlan;
import io.crmsdk.sync.SyncReport;
import io.crmsdk.time.UtcClock;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The main job, end to end: sheets in, customers linked, an ERP told, a campaign sent by a worker that is killed half way, and
 * every claim of the report checked against what the store, the ERP and the mailboxes hold at the end.
 */
public final class Quickstart {
    private static final List<String> BUNDLED =
            List.of("customers.gbk.csv", "customers.xlsx", "customers-mac1904.xlsx");
    private static final long WORKER_SECONDS = 120;

    private final Path folder;
    private final List<Path> inputs;
    private final boolean bundled;
    private final @Nullable String smtp;
    private final StepLines lines;
    private final Findings found = new Findings();

    /** Everything that the report tells. */
    static final class Findings {
        final Sheets sheets = new Sheets();
        final List<String> checks = new ArrayList<>();
        final List<String> failures = new ArrayList<>();
        final List<Conflict> conflicts = new ArrayList<>();
        final List<Joined> joined = new ArrayList<>();
        final List<SyncRun> syncRuns = new ArrayList<>();
        final List<Hold> holds = new ArrayList<>();
        final Map<DeliveryState, Long> states = new EnumMap<>(DeliveryState.class);
        final Timeline timeline = new Timeline();
        List<Settlement.Settled> doubts = List.of();
        long customers;
        long linked;
        int questions;
        long optedOut;
        long asserted;
        long enqueued;
        long acceptedByReply;
        long lost;
        long duplicated;
        long killedPid;
        int inMailboxAtKill;
        int erpCustomers;

        @Nullable
        String lateUnsubscriber;

        boolean readsMailbox;
        Duration took = Duration.ZERO;
    }

    /** Rows of one customer that disagree. */
    record Conflict(String who, List<String> no, List<String> other, String decision) {}

    /** Rows that are one customer, and why. */
    record Joined(List<String> rows, String why) {}

    /** One run of the sync. */
    record SyncRun(String name, long created, long updated, long unchanged, long failed) {}

    /**
     * @param folder where the report goes; made if absent, an earlier report in it is replaced
     * @param inputs sheets to read; the bundled ones if empty
     * @param smtp a real server, or null for the mail sandbox
     * @param lines hears of each step as it ends
     */
    public Quickstart(Path folder, List<Path> inputs, @Nullable String smtp, StepLines lines) {
        this.folder = folder;
        this.bundled = inputs.isEmpty();
        this.inputs = new ArrayList<>(inputs);
        this.smtp = smtp;
        this.lines = lines;
    }

    /** Runs it; true if every check held. */
    public boolean run() throws IOException, InterruptedException, MessagingException {
        Instant start = UtcClock.system().instant();
        prepare();
        try (Store store = Store.sqlite(folder.resolve("store.db"));
                ConsentLedger ledger = ConsentLedger.builder(store)
                        .policy(ConsentPolicy.defaults().withMinimum(Rank.ASSERTED))
                        .open();
                SandboxErp erp = SandboxErp.start();
                MailSandbox mail = MailSandbox.start()) {
            CustomerRegistry registry = CustomerRegistry.open(store);
            read(store, registry, ledger);
            List<GoldenCustomer> customers = customers(registry);
            identity(registry, customers);
            consent(ledger, customers);
            sync(store, registry, erp);
            deliver(store, ledger, mail, customers);
            repeat(store, registry, ledger);
        }
        found.took = Duration.between(start, UtcClock.system().instant());
        new ReportPage(found, bundled, folder).write();
        lines.end(found, folder);
        return found.failures.isEmpty();
    }

    private void prepare() throws IOException {
        Files.createDirectories(folder);
        for (String old : List.of(
                "store.db",
                "store.db-wal",
                "store.db-shm",
                "report.html",
                "report.json",
                "worker-1.jsonl",
                "worker-2.jsonl",
                "worker-3.jsonl",
                "worker-1.log",
                "worker-2.log",
                "worker-3.log")) {
            Files.deleteIfExists(folder.resolve(old));
        }
        lines.open(folder.resolve("report.json"));
        if (bundled) {
            Path data = Files.createDirectories(folder.resolve("input"));
            for (String name : BUNDLED) {
                try (InputStream in = Quickstart.class.getResourceAsStream("data/" + name)) {
                    if (in == null) {
                        throw new IOException("the bundled sheet " + name + " is not in this build");
                    }
                    Files.copy(in, data.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
                inputs.add(data.resolve(name));
            }
        }
    }

    private void read(Store store, CustomerRegistry registry, ConsentLedger ledger) throws IOException {
        try (Progress progress = new Progress("reading", inputs.size())) {
            for (int i = 0; i < inputs.size(); i++) {
                Sheets.FileResult file =
                        found.sheets.read(inputs.get(i), RecordImport.builder(store, registry, ledger));
                progress.at(i + 1);
                lines.imported(file);
            }
        }
        lines.imports(found.sheets);
    }

    private static List<GoldenCustomer> customers(CustomerRegistry registry) {
        List<GoldenCustomer> all = new ArrayList<>();
        String after = "";
        List<GoldenCustomer> page = registry.list(after, 200);
        while (!page.isEmpty()) {
            all.addAll(page);
            after = page.get(page.size() - 1).id();
            page = registry.list(after, 200);
        }
        return all;
    }

    private void identity(CustomerRegistry registry, List<GoldenCustomer> customers) {
        found.customers = customers.size();
        found.questions = registry.reviews().openPairs();
        Map<String, List<Sheets.Saying>> rows = sayings(customers);
        for (GoldenCustomer customer : customers) {
            if (customer.isLinked()) {
                found.linked++;
                if (found.joined.size() < 8) {
                    found.joined.add(joined(registry, customer, rows.getOrDefault(customer.id(), List.of())));
                }
            }
        }
        lines.identity(found);
    }

    private static Joined joined(CustomerRegistry registry, GoldenCustomer customer, List<Sheets.Saying> said) {
        List<String> rows = said.stream().map(Sheets.Saying::place).toList();
        String why = registry.merges()
                .explain(
                        customer.records().get(0).recordId(),
                        customer.records().get(1).recordId())
                .explanation();
        return new Joined(rows, why);
    }

    private void consent(ConsentLedger ledger, List<GoldenCustomer> customers) {
        Map<String, List<Sheets.Saying>> byCustomer = sayings(customers);
        for (GoldenCustomer golden : customers) {
            List<Sheets.Saying> sayings = byCustomer.getOrDefault(golden.id(), List.of());
            List<String> no = places(sayings, OptOut.OPTED_OUT);
            List<String> other = new ArrayList<>(places(sayings, OptOut.NOT_OPTED_OUT));
            EmailAddress address = address(golden.customer());
            if (no.isEmpty()) {
                continue;
            }
            found.optedOut++;
            if (!other.isEmpty() && address != null) {
                ConsentDecision decision = ledger.decide(ContactKey.email(address), Campaign.SCOPE);
                check(
                        decision.verdict() == ConsentDecision.Verdict.OPTED_OUT,
                        null,
                        "customer " + golden.id() + " has a row that says no, but the ledger says "
                                + decision.verdict());
                found.conflicts.add(new Conflict(who(golden.customer()), no, other, decision.explain()));
            }
        }
        check(
                true,
                found.conflicts.size()
                        + " customers whose rows disagree about mail are opted out, whichever row came first",
                "");
        lines.consent(found);
    }

    /** A customer's rows are those of all its records, whatever id they were stored under. */
    private Map<String, List<Sheets.Saying>> sayings(List<GoldenCustomer> customers) {
        Map<String, String> now = new HashMap<>();
        for (GoldenCustomer customer : customers) {
            customer.records().forEach(member -> now.put(member.recordId(), customer.id()));
            now.put(customer.id(), customer.id());
        }
        Map<String, List<Sheets.Saying>> byCustomer = new HashMap<>();
        found.sheets
                .sayings()
                .forEach((id, said) -> byCustomer
                        .computeIfAbsent(now.getOrDefault(id, id), key -> new ArrayList<>())
                        .addAll(said));
        return byCustomer;
    }

    private static List<String> places(List<Sheets.Saying> sayings, OptOut state) {
        return sayings.stream()
                .filter(saying -> saying.state() == state)
                .map(Sheets.Saying::place)
                .toList();
    }

    private static String who(Customer customer) {
        return customer.number() == null ? String.valueOf(customer.id()) : "customer " + customer.number();
    }

    private static @Nullable EmailAddress address(Customer customer) {
        return customer.primaryEmail() == null ? null : customer.primaryEmail().address();
    }

    private void sync(Store store, CustomerRegistry registry, SandboxErp erp) {
        try (HttpGateway gateway = SandboxConnector.gateway(erp.address())) {
            CustomerSource source = new CustomerSource(registry, SandboxConnector.mapping());
            SyncPair pair = SyncPair.builder("registry-sandbox", store)
                    .source(source)
                    .translation(source.translation())
                    .target(new SandboxConnector(gateway))
                    .build();
            runSync(pair, "first run");
            runSync(pair, "second run");
        }
        List<SandboxCustomer> there = erp.customers();
        found.erpCustomers = there.size();
        Set<String> keys = new LinkedHashSet<>();
        there.forEach(customer -> keys.add(String.valueOf(customer.key())));
        check(
                there.size() == found.customers && keys.size() == there.size(),
                "the ERP holds each of the " + there.size() + " customers exactly once",
                "the ERP holds " + there.size() + " customers under " + keys.size() + " keys, the registry has "
                        + found.customers);
        SyncRun second = found.syncRuns.get(1);
        check(
                second.created + second.updated == 0,
                "the second sync wrote nothing",
                "the second sync wrote " + (second.created + second.updated) + " records");
        lines.sync(found);
    }

    private void runSync(SyncPair pair, String name) {
        SyncPlan plan = pair.plan();
        if (plan.isHeld()) {
            found.holds.addAll(plan.holds());
            plan.holds().forEach(lines::held);
            pair.approve(plan.hash(), plan.changes(), "whoever runs the quickstart");
        }
        SyncReport report = pair.apply(plan.hash());
        found.syncRuns.add(new SyncRun(
                name,
                report.created(),
                report.updated(),
                plan.seen() - report.created() - report.updated() - report.failed(),
                report.failed()));
    }

    private void deliver(Store store, ConsentLedger ledger, MailSandbox mail, List<GoldenCustomer> customers)
            throws IOException, InterruptedException, MessagingException {
        found.readsMailbox = smtp == null;
        String server = smtp == null ? mail.url() : smtp;
        try (Outbox outbox =
                Outbox.builder(store).channelElsewhere("smtp").consent(ledger).build()) {
            Campaign campaign = new Campaign(ledger);
            enqueue(outbox, campaign, customers);
            unsubscribeLate(campaign, ledger);
            send(outbox, mail, server);
            Settlement settlement = new Settlement(outbox, campaign);
            if (found.readsMailbox && settlement.settleDoubts(mail.copies()) > 0) {
                try (WorkerProcess third = worker(3, server)) {
                    third.awaitEnd(WORKER_SECONDS);
                }
            }
            found.doubts = settlement.doubts();
            timeline(outbox);
            if (found.readsMailbox) {
                settlement.confirmAccepted(mail.copies());
            }
            prove(outbox, campaign, ledger, found.readsMailbox ? mail.copies() : Map.of());
        }
        lines.delivery(found);
    }

    private void enqueue(Outbox outbox, Campaign campaign, List<GoldenCustomer> customers) {
        Map<String, List<Sheets.Saying>> byCustomer = sayings(customers);
        Set<String> addressed = new LinkedHashSet<>();
        try (Progress progress = new Progress("enqueueing", customers.size())) {
            for (int i = 0; i < customers.size(); i++) {
                Customer customer = customers.get(i).customer();
                EmailAddress address = address(customer);
                if (address != null && addressed.add(address.canonical())) {
                    List<Sheets.Saying> said =
                            byCustomer.getOrDefault(customers.get(i).id(), List.of());
                    List<String> yes = places(said, OptOut.NOT_OPTED_OUT);
                    if (!yes.isEmpty() && places(said, OptOut.OPTED_OUT).isEmpty()) {
                        campaign.assertExistingCustomer(address, yes.get(0));
                        found.asserted++;
                    }
                    String name = customer.displayName() == null ? "" : customer.displayName();
                    campaign.add(outbox, "coupon-2026-11-" + customer.id(), address, name, "C-" + (10_000 + i));
                }
                progress.at(i + 1);
            }
            campaign.flush(outbox);
        }
        found.enqueued = campaign.stored().size();
        check(campaign.refused() == 0, null, campaign.refused() + " mails of the campaign were refused");
    }

    private void unsubscribeLate(Campaign campaign, ConsentLedger ledger) {
        for (Campaign.Sent sent : campaign.stored().values()) {
            if (sent.decisionBefore().allowed()) {
                int status = campaign.oneClick(sent.to());
                found.lateUnsubscriber = sent.key();
                boolean no = ledger.decide(ContactKey.email(sent.to()), Campaign.SCOPE)
                                .verdict()
                        == ConsentDecision.Verdict.OPTED_OUT;
                check(status / 100 == 2 && no, null, "the one-click unsubscribe answered " + status);
                return;
            }
        }
    }

    private void send(Outbox outbox, MailSandbox mail, String server) throws IOException, InterruptedException {
        long allowed = found.asserted;
        try (WorkerProcess first = worker(1, server)) {
            awaitHalf(first, outbox, mail, allowed / 2);
            found.killedPid = first.pid();
            first.kill();
        }
        Instant killed = UtcClock.system().instant();
        found.inMailboxAtKill = mail.count();
        found.timeline.mark(killed, "SIGKILL of the worker");
        lines.killed(found);
        try (WorkerProcess second = worker(2, server)) {
            found.timeline.mark(UtcClock.system().instant(), "started again");
            second.awaitEnd(WORKER_SECONDS);
        }
    }

    private void awaitHalf(WorkerProcess worker, Outbox outbox, MailSandbox mail, long half) throws IOException {
        long deadline = UtcClock.system().nanos() + TimeUnit.SECONDS.toNanos(WORKER_SECONDS);
        try (Progress progress = new Progress("sending", Math.max(1, half * 2))) {
            long done = 0;
            while (done < half && worker.isAlive()) {
                if (UtcClock.system().nanos() > deadline) {
                    throw new IOException("the worker sent only " + done + " of " + half + " mails in " + WORKER_SECONDS
                            + " s; see worker-1.log in " + folder);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                done = found.readsMailbox ? mail.count() : accepted(outbox);
                progress.at(done);
            }
        }
    }

    private static long accepted(Outbox outbox) {
        try (Stream<Delivery> deliveries = outbox.deliveries(DeliveryQuery.all().state(DeliveryState.ACCEPTED))) {
            return deliveries.count();
        }
    }

    private WorkerProcess worker(int number, String server) throws IOException {
        return WorkerProcess.start(
                folder.resolve("worker-" + number + ".log"),
                List.of(
                        "--store",
                        "sqlite:" + folder.resolve("store.db"),
                        "--smtp",
                        server,
                        "--until-idle",
                        "--consent-minimum",
                        Rank.ASSERTED.name(),
                        "--events",
                        folder.resolve("worker-" + number + ".jsonl").toString()));
    }

    private void timeline(Outbox outbox) {
        List<Instant> stored = new ArrayList<>();
        List<Instant> accepted = new ArrayList<>();
        List<Instant> suppressed = new ArrayList<>();
        try (Stream<Delivery> deliveries = outbox.deliveries(DeliveryQuery.all())) {
            deliveries.forEach(delivery -> {
                stored.add(delivery.history().get(0).at());
                for (HistoryEntry entry : delivery.history()) {
                    if (entry.applied() && entry.state() == DeliveryState.ACCEPTED) {
                        accepted.add(entry.at());
                    } else if (entry.applied() && entry.state() == DeliveryState.SUPPRESSED) {
                        suppressed.add(entry.at());
                    }
                }
            });
        }
        found.timeline.series("stored", "l-fix", stored);
        found.timeline.series("accepted with a reply", "l-ok", accepted);
        found.timeline.series("not sent: consent", "l-no", suppressed);
    }

    private void prove(Outbox outbox, Campaign campaign, ConsentLedger ledger, Map<String, Integer> copies) {
        Map<String, Campaign.Sent> missing = new HashMap<>(campaign.stored());
        long[] claims = new long[3];
        try (Stream<Delivery> deliveries = outbox.deliveries(DeliveryQuery.all())) {
            deliveries.forEach(delivery -> {
                Campaign.Sent sent = missing.remove(delivery.key());
                found.states.merge(delivery.state(), 1L, Long::sum);
                boolean went =
                        delivery.state() == DeliveryState.ACCEPTED || delivery.state() == DeliveryState.DELIVERED;
                if (went && replied(delivery)) {
                    found.acceptedByReply++;
                }
                if (sent != null && found.readsMailbox) {
                    int there = copies.getOrDefault(sent.messageId(), 0);
                    claims[0] += went && there == 0 ? 1 : 0;
                    claims[1] += there > 1 ? 1 : 0;
                    claims[2] += !went && there > 0 ? 1 : 0;
                }
            });
        }
        found.lost = missing.size() + claims[0];
        found.duplicated = claims[1];
        check(
                missing.isEmpty(),
                "all " + found.enqueued + " mails that were acknowledged are in exactly one state",
                missing.size() + " acknowledged mails are in no state");
        long went = found.states.getOrDefault(DeliveryState.ACCEPTED, 0L)
                + found.states.getOrDefault(DeliveryState.DELIVERED, 0L);
        long byMailbox = went - found.acceptedByReply;
        check(
                byMailbox <= found.doubts.size(),
                found.acceptedByReply + " of them carry the server's own reply; " + byMailbox
                        + " were in doubt after the kill and were found in the mailbox",
                byMailbox + " mails count as sent without a reply, and only " + found.doubts.size() + " were in doubt");
        if (found.readsMailbox) {
            check(
                    claims[0] == 0 && claims[2] == 0,
                    "the mailboxes hold every mail that counts as sent, and none that does not",
                    claims[0] + " mails that count as sent are missing, " + claims[2] + " that do not are there");
            check(
                    claims[1] == 0,
                    "nobody got a mail twice, although its worker was killed half way",
                    claims[1] + " mails arrived twice");
        }
        consentHeld(campaign, ledger, copies);
    }

    private void consentHeld(Campaign campaign, ConsentLedger ledger, Map<String, Integer> copies) {
        long refused = 0;
        long broken = 0;
        for (Campaign.Sent sent : campaign.stored().values()) {
            if (!ledger.decide(ContactKey.email(sent.to()), Campaign.SCOPE).allowed()) {
                refused++;
                broken += copies.containsKey(sent.messageId()) ? 1 : 0;
            }
        }
        long suppressed = found.states.getOrDefault(DeliveryState.SUPPRESSED, 0L);
        check(
                broken == 0 && suppressed == refused,
                "all " + refused
                        + " who said no, or never said enough, got nothing, also the one who left by one click while"
                        + " the mail was waiting",
                broken + " people got a mail against the ledger; " + suppressed + " of " + refused + " were held back");
    }

    private static boolean replied(Delivery delivery) {
        return delivery.history().stream()
                .anyMatch(entry -> entry.applied()
                        && entry.state() == DeliveryState.ACCEPTED
                        && entry.evidence() != null
                        && entry.evidence().reply().startsWith("2"));
    }

    private void repeat(Store store, CustomerRegistry registry, ConsentLedger ledger) throws IOException {
        long changed = 0;
        for (Path input : inputs) {
            ImportReport report = Sheets.again(input, RecordImport.builder(store, registry, ledger));
            changed += report.changedNothing() ? 0 : 1;
        }
        check(
                changed == 0,
                "reading the same files again changed nothing",
                "reading the same files again changed something in " + changed + " of them");
    }

    /** Notes what held, or what did not; null words are not worth a line when they hold. */
    private void check(boolean held, @Nullable String words, String failure) {
        if (!held) {
            found.failures.add(failure);
        } else if (words != null) {
            found.checks.add(words);
        }
    }

    /** How many rows came, for the headline. */
    static long rows(Findings found) {
        return found.sheets.files().stream().mapToLong(Sheets.FileResult::total).sum();
    }

    /** The rows that became part of a customer. */
    static long taken(Findings found) {
        return found.sheets.count(RowOutcome.ACCEPTED)
                + found.sheets.count(RowOutcome.REPAIRED)
                + found.sheets.count(RowOutcome.FLAGGED);
    }
}
