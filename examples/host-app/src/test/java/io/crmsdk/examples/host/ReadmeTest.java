package io.crmsdk.examples.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.delivery.WorkerOptions;
import io.crmsdk.delivery.Workers;
import io.crmsdk.mail.Email;
import io.crmsdk.mail.smtp.SmtpChannel;
import io.crmsdk.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is what is compiled and run here. */
final class ReadmeTest {
    private final GreenMail mails = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private final List<Delivery> seen = new ArrayList<>();

    @TempDir
    Path folder;

    @BeforeEach
    void startTheMailServer() {
        mails.start();
    }

    @AfterEach
    void stopTheMailServer() {
        mails.stop();
    }

    @Test
    void the_first_use_sends_a_mail_with_the_hosts_commit_and_shows_the_servers_words() throws Exception {
        firstUse(
                folder.resolve("shop.db"), "smtp://127.0.0.1:" + mails.getSmtp().getPort() + "?tls=none");

        assertThat(mails.getReceivedMessages()).hasSize(1);
        assertThat(seen).hasSize(1);
        assertThat(seen.get(0).state()).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(seen.get(0).evidence()).isNotNull();
        assertThat(seen.get(0).evidence().reply()).startsWith("250");
    }

    @Test
    void the_first_use_run_twice_sends_one_mail() throws Exception {
        String mailServer = "smtp://127.0.0.1:" + mails.getSmtp().getPort() + "?tls=none";

        firstUse(folder.resolve("shop.db"), mailServer);
        firstUse(folder.resolve("shop.db"), mailServer);

        assertThat(mails.getReceivedMessages()).hasSize(1);
        assertThat(seen).hasSize(2).extracting(Delivery::state).containsOnly(DeliveryState.ACCEPTED);
    }

    private void firstUse(Path file, String mailServer) throws InterruptedException {
        // region first-use
        try (Store store = Store.sqlite(file);
                SmtpChannel smtp = SmtpChannel.builder(mailServer).build();
                Outbox outbox = Outbox.builder(store).channel(smtp).build();
                Workers workers = outbox.startWorkers(WorkerOptions.defaults())) {
            Email receipt = Email.builder()
                    .from("shop@shop.example", "The shop")
                    .to("li.wang@yunfan.example")
                    .subject("Your order 4711")
                    .text("Thank you. It leaves tomorrow.")
                    .build();
            store.inTransaction(connection -> {
                saveOrder(connection, 4711); // your own tables
                return outbox.enqueue(connection, receipt.toMessage("order-4711/receipt"));
            });
            workers.awaitIdle(Duration.ofSeconds(30));
            outbox.deliveries(DeliveryQuery.all().key("order-4711/receipt")).forEach(this::show);
        }
        // endregion
    }

    private static void saveOrder(Connection connection, int number) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("CREATE TABLE IF NOT EXISTS shop_order (number INTEGER PRIMARY KEY)");
            statement.executeUpdate("INSERT OR IGNORE INTO shop_order VALUES (" + number + ")");
        }
    }

    private void show(Delivery delivery) {
        seen.add(delivery);
    }

    @Test
    void the_readmes_show_the_first_use_as_it_is_compiled_here() throws IOException {
        Path root = root();
        String source = Files.readString(
                root.resolve("examples/host-app/src/test/java/io/crmsdk/examples/host/ReadmeTest.java"));
        String region = region(source, "first-use");

        for (String readme : List.of("README.md", "docs/README.zh-CN.md")) {
            assertThat(blocks(Files.readString(root.resolve(readme))))
                    .as(readme)
                    .containsExactly(region);
        }
    }

    @Test
    void every_link_within_the_documents_leads_to_a_file() throws IOException {
        Path root = root();
        Pattern link = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");
        List<String> dead = new ArrayList<>();
        List<Path> documents = documents(root);
        for (Path document : documents) {
            Matcher matcher = link.matcher(Files.readString(document));
            while (matcher.find()) {
                if (!Files.exists(document.resolveSibling(matcher.group(1)))) {
                    dead.add(root.relativize(document) + " -> " + matcher.group(1));
                }
            }
        }

        assertThat(documents).hasSizeGreaterThan(5);
        assertThat(dead).isEmpty();
    }

    private static List<Path> documents(Path root) throws IOException {
        try (var top = Files.list(root);
                var docs = Files.walk(root.resolve("docs"))) {
            List<Path> all = new ArrayList<>(top.collect(Collectors.toList()));
            docs.forEach(all::add);
            all.removeIf(path -> !path.toString().endsWith(".md"));
            return all;
        }
    }

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("README.md"))) {
            at = at.getParent();
        }
        return at;
    }

    private static String region(String source, String name) {
        int from = source.indexOf("// region " + name + "\n");
        return source.substring(source.indexOf('\n', from) + 1, source.indexOf("// endregion", from))
                .stripTrailing()
                .stripIndent();
    }

    private static List<String> blocks(String markdown) {
        List<String> blocks = new ArrayList<>();
        Matcher fence = Pattern.compile("(?s)```java\n(.*?)\n```").matcher(markdown);
        while (fence.find()) {
            blocks.add(fence.group(1));
        }
        return blocks;
    }
}
