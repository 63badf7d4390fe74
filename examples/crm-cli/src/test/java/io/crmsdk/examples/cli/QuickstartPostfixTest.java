package io.crmsdk.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmsdk.fixtures.RealMail;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job handed to a real Postfix: what the store says of each mail is what that server's own log says. */
@Tag("slow")
final class QuickstartPostfixTest {
    private static final Pattern REPLY = Pattern.compile("250 2\\.0\\.0 Ok: queued as (\\w+)");
    /** Written when it has begun to read a mail, also when the end never comes. */
    private static final Pattern BEGUN = Pattern.compile("/cleanup\\[\\d+\\]: (\\w+): message-id=<([^>]+)>");

    /** Written when a mail is in its queue; its own reports have no sender. */
    private static final Pattern TAKEN = Pattern.compile("/qmgr\\[\\d+\\]: (\\w+): from=<[^>]+>, size=");

    @TempDir
    static Path folder;

    @Test
    void every_mail_that_counts_as_accepted_is_in_the_servers_log_once_under_its_queue_id() throws Exception {
        try (RealMail postfix = RealMail.start(folder.toRealPath())) {
            CrmProcess quickstart = CrmProcess.run(
                    folder,
                    "",
                    "quickstart",
                    "--json",
                    "--dir",
                    "report",
                    "--smtp",
                    "smtp://127.0.0.1:" + postfix.port("PLAIN") + "?tls=none");
            assertThat(quickstart.exit()).as(quickstart.err()).isZero();

            List<JsonNode> deliveries = CrmProcess.run(
                            folder, "", "deliveries", "--json", "--store", "sqlite:report/store.db")
                    .lines();
            List<String> claimed = queueIds(deliveries);
            long unconfirmed = in(deliveries, "UNCONFIRMED");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(taken(postfix).keySet()).containsAll(claimed));
            Map<String, String> taken = taken(postfix);

            assertThat(claimed).isNotEmpty().doesNotHaveDuplicates().hasSize((int) in(deliveries, "ACCEPTED"));
            assertThat(taken.values()).as("Message-IDs").doesNotHaveDuplicates();
            assertThat(taken.size() - claimed.size())
                    .as("what the server took without a reply that was recorded is listed as unconfirmed")
                    .isBetween(0, (int) unconfirmed);
        }
    }

    private static long in(List<JsonNode> deliveries, String state) {
        return deliveries.stream()
                .filter(line -> line.path("state").asText().equalsIgnoreCase(state))
                .count();
    }

    private static List<String> queueIds(List<JsonNode> deliveries) {
        List<String> ids = new ArrayList<>();
        for (JsonNode delivery : deliveries) {
            Matcher reply = REPLY.matcher(delivery.path("evidence").toString());
            if (reply.find()) {
                ids.add(reply.group(1));
            }
        }
        return ids;
    }

    /** What the server's log says that it took: Message-ID by queue id. */
    private static Map<String, String> taken(RealMail postfix) throws IOException {
        String log = postfix.log();
        Map<String, String> messageIds = new HashMap<>();
        BEGUN.matcher(log).results().forEach(line -> messageIds.put(line.group(1), line.group(2)));
        Map<String, String> taken = new HashMap<>();
        TAKEN.matcher(log).results().forEach(line -> taken.put(line.group(1), messageIds.get(line.group(1))));
        return taken;
    }
}
