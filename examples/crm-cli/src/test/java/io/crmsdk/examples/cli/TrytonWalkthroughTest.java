package io.crmsdk.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.erp.tryton.TrytonParties;
import io.crmsdk.erp.tryton.TrytonServer;
import io.crmsdk.examples.sandbox.SandboxErp;
import io.crmsdk.fixtures.TrytonServers;
import io.crmsdk.sync.Page;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.sync.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The walkthroughs of docs/sync.md with a real Tryton: the files and the commands are read from the page and run as they stand.
 * Only what a reader would fill in is replaced: addresses, the password, hashes, and a number that is free in this Tryton.
 */
@Tag("slow")
class TrytonWalkthroughTest {
    private static final Pattern PLAN = Pattern.compile("plan ([0-9a-f]{16,}):");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    private static final int CUSTOMERS = 150;

    @TempDir
    private Path folder;

    private final List<CrmProcess> ended = new ArrayList<>();

    private static String page() throws IOException {
        return Files.readString(Path.of("../../docs/sync.md"));
    }

    /** The text of the first fence after some words. */
    private static String fence(String page, String words) {
        int at = page.indexOf(words);
        assertThat(at).as("\"%s\" stands in docs/sync.md", words).isNotNegative();
        int open = page.indexOf("```", at);
        int begin = page.indexOf('\n', open) + 1;
        return page.substring(begin, page.indexOf("```", begin));
    }

    private static String reachable(String yaml, String address, Object real) {
        Matcher url = Pattern.compile("( *)url: " + Pattern.quote(address)).matcher(yaml);
        assertThat(url.find()).as("the page names %s", address).isTrue();
        String indent = url.group(1);
        return url.replaceFirst(
                indent + "url: " + real + "\n" + indent + "private-network: true\n" + indent + "plain-http: true");
    }

    /** Runs each line that begins with crm; the hash is that of the plan made last. */
    private List<String> run(String commands) throws IOException, InterruptedException {
        List<String> lines = commands.lines()
                .filter(line -> line.startsWith("crm "))
                .map(line -> line.replaceFirst("\\s+#.*", ""))
                .toList();
        String hash = "HASH";
        for (String line : lines) {
            List<String> words = new ArrayList<>();
            Matcher word = WORD.matcher(line.substring("crm ".length()));
            while (word.find()) {
                String text = word.group(1) == null ? word.group(2) : word.group(1);
                words.add(text.equals("HASH") ? hash : text);
            }
            CrmProcess process = CrmProcess.run(
                    folder, Map.of("TRYTON_PASSWORD", TrytonServers.PASSWORD), "", words.toArray(String[]::new));
            ended.add(process);
            Matcher plan = PLAN.matcher(String.join("\n", process.out()));
            hash = plan.find() ? plan.group(1) : hash;
        }
        return lines;
    }

    private static String said(CrmProcess process) {
        return String.join("\n", process.out()) + "\n" + process.err();
    }

    @Test
    void a_sheet_comes_to_tryton_and_the_report_says_so() throws Exception {
        String address = TrytonServers.start().toString();
        String page = page();
        String number = UUID.randomUUID().toString().substring(0, 8);
        String sheet = fence(page, "`customers.csv`:").replace("1,W-0001", number + ",W-" + number);
        Files.writeString(folder.resolve("customers.csv"), sheet);
        String yaml = fence(page, "`sync.yaml`:");
        Files.writeString(folder.resolve("sync.yaml"), reachable(yaml, "https://tryton.example.com", address));

        List<String> lines = run(commandsAfter(page, "`sync.yaml`:"));

        assertThat(lines)
                .extracting(line -> line.split(" ")[1] + " " + line.split(" ")[2])
                .containsExactly("sync plan", "sync approve", "sync apply", "sync status", "reconcile --config");
        for (CrmProcess done : ended.subList(0, 4)) {
            assertThat(done.exit()).as(said(done)).isEqualTo(Exit.DONE);
        }
        assertThat(said(ended.get(2))).contains("1 created");
        CrmProcess reconciled = ended.get(4);
        assertThat(reconciled.exit()).as(said(reconciled)).isEqualTo(Exit.FINDINGS);
        assertThat(reconciled.out())
                .filteredOn(line -> line.contains(" source ") && line.contains(" target "))
                .allMatch(line -> line.startsWith("only_target "));
        assertThat(said(reconciled)).contains("1 linked, 1 of them the same");
        assertThat(folder.resolve("report.html")).content().contains("<svg").doesNotContain("Sunrise");
    }

    @Test
    void the_orders_come_to_the_crm_and_their_sums_agree() throws Exception {
        String address = TrytonServers.start().toString();
        String page = page();
        try (SandboxErp crm = SandboxErp.start()) {
            String yaml = fence(page, "**`type: tryton-orders`**").replace("/orders", "/customers");
            yaml = reachable(yaml, "https://tryton.example.com", address);
            Files.writeString(folder.resolve("orders.yaml"), reachable(yaml, "https://crm.example.com", crm.address()));

            List<String> lines = run(commandsAfter(page, "**`type: tryton-orders`**"));

            assertThat(lines).hasSize(4);
            assertThat(ended)
                    .allSatisfy(done -> assertThat(done.exit()).as(said(done)).isEqualTo(Exit.DONE));
            assertThat(crm.customers()).hasSizeGreaterThanOrEqualTo(5);
            assertThat(said(ended.get(3))).contains("total open_amount USD").doesNotContain("differs");
        }
    }

    @Test
    void F_805_an_apply_that_is_killed_goes_on_and_makes_every_customer_once() throws Exception {
        String address = TrytonServers.start().toString();
        String run = UUID.randomUUID().toString().substring(0, 8);
        StringBuilder sheet = new StringBuilder("No,Number,Company,Mail\n");
        for (int i = 0; i < CUSTOMERS; i++) {
            sheet.append("%s-%d,K-%1$s-%2$d,Customer %2$d,c%2$d@example.com%n".formatted(run, i));
        }
        Files.writeString(folder.resolve("customers.csv"), sheet);
        String yaml = reachable(fence(page(), "`sync.yaml`:"), "https://tryton.example.com", address);
        Files.writeString(folder.resolve("sync.yaml"), yaml);
        Path settings = Files.writeString(folder.resolve("tryton.yaml"), """
                url: %s
                private-network: true
                plain-http: true
                database: demo
                user: connector
                password: env:TRYTON_PASSWORD
                """.formatted(address));
        Map<String, String> environment = Map.of("TRYTON_PASSWORD", TrytonServers.PASSWORD);

        try (TrytonServer server = TrytonServer.of(Settings.load(settings, environment::get));
                TrytonParties parties = TrytonParties.of(server, "demo")) {
            String token = parties.token();
            CrmProcess planned = CrmProcess.run(folder, environment, "", "sync", "plan", "--config", "sync.yaml");
            Matcher plan = PLAN.matcher(said(planned));
            assertThat(plan.find()).as(said(planned)).isTrue();
            String[] apply = {"sync", "apply", "--config", "sync.yaml", plan.group(1)};

            boolean killed = CrmProcess.killWhen(
                    folder, environment, () -> !codes(parties, token, run).isEmpty(), apply);
            int before = codes(parties, token, run).size();
            CrmProcess applied = CrmProcess.run(folder, environment, "", apply);

            assertThat(killed).isTrue();
            assertThat(before).isBetween(1, CUSTOMERS - 1);
            assertThat(applied.exit()).as(said(applied)).isEqualTo(Exit.DONE);
            assertThat(codes(parties, token, run)).hasSize(CUSTOMERS).doesNotHaveDuplicates();
            CrmProcess report = CrmProcess.run(folder, environment, "", "reconcile", "--config", "sync.yaml");
            assertThat(said(report)).contains(CUSTOMERS + " linked, " + CUSTOMERS + " of them the same");
        }
    }

    /** The numbers of this run's customers that Tryton has, each record by its id once. */
    private static List<String> codes(TrytonParties parties, String token, String run) {
        Map<String, String> codes = new TreeMap<>();
        String next = token;
        while (next != null) {
            Page page = parties.changesAfter(next, 100);
            for (RemoteRecord record : page.records()) {
                String code = record.fields().text("code");
                if (code != null && code.startsWith("K-" + run)) {
                    codes.put(record.id(), code);
                }
            }
            next = page.next();
        }
        return List.copyOf(codes.values());
    }

    /** The second fence after some words: the first has the settings. */
    private static String commandsAfter(String page, String words) {
        String rest = page.substring(page.indexOf(words));
        String settings = fence(rest, words);
        return fence(rest.substring(rest.indexOf(settings) + settings.length() + 3), "```");
    }
}
