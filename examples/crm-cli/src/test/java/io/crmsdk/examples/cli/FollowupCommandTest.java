package io.crmsdk.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.followup.Answer;
import io.crmsdk.followup.CustomerZone;
import io.crmsdk.followup.Delay;
import io.crmsdk.followup.Firing;
import io.crmsdk.followup.FollowUp;
import io.crmsdk.followup.FollowUpStart;
import io.crmsdk.followup.FollowUpState;
import io.crmsdk.followup.FollowUps;
import io.crmsdk.followup.Step;
import io.crmsdk.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person does to follow-ups from a terminal, which does not know their definitions. */
class FollowupCommandTest {
    private static final FollowUp QUOTE = FollowUp.define("quote", 1)
            .step(Step.question("ask owner", Delay.none(), FollowupCommandTest::letter, Delay.days(1))
                    .then(Answer.REFUSED, "tell sales"))
            .step(Step.message("ask manager", Delay.none(), FollowupCommandTest::letter))
            .step(Step.message("tell sales", Delay.none(), FollowupCommandTest::letter))
            .build();

    @TempDir
    Path folder;

    private String store = "";

    private static Message letter(Firing firing) {
        return Message.transactional(firing.key())
                .to("owner@example.com")
                .content("text/plain", firing.step())
                .build();
    }

    /** Three that wait for an answer. */
    @BeforeEach
    void start_follow_ups() {
        store = "sqlite:" + folder.resolve("crm.db");
        engineRuns(FollowUpState.AWAITING_ANSWER, List.of("quote/1", "quote/2", "quote/3"), true);
    }

    private void engineRuns(FollowUpState until, List<String> keys, boolean starts) {
        CustomerZone zone =
                new CustomerZone(ZoneId.of("Asia/Shanghai"), CustomerZone.Gap.FORWARD, CustomerZone.Overlap.EARLIER);
        try (Store opened = Store.open(store);
                Outbox outbox = Outbox.builder(opened).channelElsewhere("smtp").build();
                FollowUps followUps = FollowUps.builder(opened, outbox)
                        .definition(QUOTE)
                        .poll(Duration.ofMillis(10))
                        .build()) {
            if (starts) {
                keys.forEach(key -> followUps.start(FollowUpStart.of(key, "quote", key, zone)));
            }
            followUps.startEngine();
            Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> keys.stream()
                            .allMatch(key -> followUps.find(key).orElseThrow().state() == until));
        }
    }

    private CrmProcess followup(String... arguments) throws IOException, InterruptedException {
        String[] all = Stream.of(Stream.of("followup"), Stream.of(arguments), Stream.of("--store", store, "--json"))
                .flatMap(each -> each)
                .toArray(String[]::new);
        return CrmProcess.run(folder, "", all);
    }

    @Test
    void questions_are_answered_where_nobody_knows_the_definition_and_its_process_goes_on() throws Exception {
        CrmProcess listed = followup("list", "--state", "awaiting_answer");
        CrmProcess yes = followup("answer", "quote/1", "ask owner", "answered", "--why", "signed", "--by", "eva");
        CrmProcess again = followup("answer", "quote/1", "ask owner", "refused", "--why", "no", "--by", "tom");
        CrmProcess no = followup("answer", "quote/2", "ask owner", "refused", "--why", "too dear", "--by", "eva");
        CrmProcess nobody = followup("answer", "quote/9", "ask owner", "answered", "--why", "x");
        CrmProcess silence = followup("answer", "quote/3", "ask owner", "timed_out", "--why", "x");
        engineRuns(FollowUpState.ANSWERED, List.of("quote/1"), false);
        engineRuns(FollowUpState.FINISHED, List.of("quote/2"), false);
        CrmProcess shown = followup("show", "quote/2");

        assertThat(listed.lines())
                .extracting(line -> line.path("followup").asText())
                .containsExactly("quote/1", "quote/2", "quote/3");
        assertThat(yes.exit()).as(yes.err()).isEqualTo(Exit.DONE);
        assertThat(again.exit()).isEqualTo(Exit.FINDINGS);
        assertThat(again.lines().get(0).path("message").asText()).contains("ask owner");
        assertThat(no.exit()).isEqualTo(Exit.DONE);
        assertThat(nobody.exit()).isEqualTo(Exit.FINDINGS);
        assertThat(silence.exit()).isEqualTo(Exit.USAGE);
        assertThat(shown.lines().get(0).path("history"))
                .extracting(
                        entry -> entry.path("kind").asText(),
                        entry -> entry.path("by").asText())
                .contains(tuple("REFUSED", "eva"));
        assertThat(shown.lines().get(0).path("state").asText()).isEqualTo("FINISHED");
    }

    @Test
    void follow_ups_are_cancelled_with_who_and_why_and_one_that_is_refused_does_not_stop_the_others() throws Exception {
        CrmProcess unsaid = followup("cancel", "quote/1");
        CrmProcess cancelled =
                followup("cancel", "quote/1", "quote/9", "quote/2", "--why", "ordered by phone", "--by", "eva");
        CrmProcess released = followup("release", "quote/3", "--why", "x");
        CrmProcess shown = CrmProcess.run(folder, "", "followup", "show", "quote/1", "--store", store);
        CrmProcess health = followup("health");
        CrmProcess archived = followup("archive", "a.jsonl");
        CrmProcess hasty = followup("archive", "b.jsonl", "--ended", "PT1H");

        assertThat(unsaid.exit()).isEqualTo(Exit.USAGE);
        assertThat(cancelled.exit()).isEqualTo(Exit.FINDINGS);
        assertThat(cancelled.lines())
                .extracting(line -> line.path("ev").asText())
                .containsExactly("cancelled", "refused", "cancelled");
        assertThat(released.exit()).isEqualTo(Exit.FINDINGS);
        assertThat(shown.out())
                .anyMatch(line -> line.contains("CANCELLED") && line.contains("by eva ordered by phone"));
        assertThat(health.exit()).as(health.err()).isEqualTo(Exit.DONE);
        assertThat(health.lines().get(0).path("counts").path("AWAITING_ANSWER").asInt())
                .isEqualTo(1);
        assertThat(archived.lines().get(0).path("followups").asInt(-1)).isZero();
        assertThat(archived.lines().get(0).path("finished").asBoolean()).isTrue();
        assertThat(hasty.exit()).isEqualTo(Exit.USAGE);
        assertThat(followup("list").lines()).hasSize(1);
    }
}
