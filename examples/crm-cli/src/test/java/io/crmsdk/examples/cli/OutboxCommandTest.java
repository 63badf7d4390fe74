package io.crmsdk.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmsdk.campaign.CampaignMember;
import io.crmsdk.campaign.CampaignSpec;
import io.crmsdk.campaign.Campaigns;
import io.crmsdk.delivery.Channel;
import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.Dispatch;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.delivery.Outcome;
import io.crmsdk.delivery.WorkerOptions;
import io.crmsdk.delivery.Workers;
import io.crmsdk.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person does to an outbox from a terminal. */
class OutboxCommandTest {
    @TempDir
    Path folder;

    private String store = "";
    private String refused = "";
    private String doubtful = "";

    /** One that its server refused, one that nobody knows about. */
    @BeforeEach
    void fill_the_outbox() throws Exception {
        store = "sqlite:" + folder.resolve("crm.db");
        try (Store opened = Store.open(store);
                Outbox outbox = Outbox.builder(opened).channel(new Bad()).build();
                Workers workers = outbox.startWorkers(WorkerOptions.defaults())) {
            outbox.enqueue(message("refused"));
            outbox.enqueue(message("doubtful"));
            assertThat(workers.awaitIdle(Duration.ofSeconds(30))).isTrue();
            Map<String, String> ids =
                    outbox.deliveries(DeliveryQuery.all()).collect(Collectors.toMap(Delivery::key, Delivery::id));
            refused = ids.get("refused");
            doubtful = ids.get("doubtful");
        }
    }

    private static Message message(String key) {
        return Message.transactional(key)
                .to("li@example.com")
                .content("text/plain", "您好 " + key)
                .build();
    }

    private CrmProcess outbox(String... arguments) throws IOException, InterruptedException {
        String[] all = new String[arguments.length + 4];
        all[0] = "outbox";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[all.length - 3] = "--store";
        all[all.length - 2] = store;
        all[all.length - 1] = "--json";
        return CrmProcess.run(folder, "", all);
    }

    @Test
    void what_is_in_doubt_is_held_until_a_copy_is_accepted_and_the_rest_goes_on() throws Exception {
        CrmProcess held = outbox("replay", refused, doubtful, "--why", "their server is back", "--by", "eva");
        CrmProcess accepted = outbox("replay", doubtful, "--accept-copy", "--why", "rather twice", "--by", "eva");
        CrmProcess shown = outbox("show", doubtful);

        assertThat(held.exit()).as(held.err()).isEqualTo(Exit.HELD);
        assertThat(held.lines()).extracting(line -> line.path("ev").asText()).containsExactly("replayed", "refused");
        assertThat(held.lines().get(1).path("code").asText()).isEqualTo("REPLAY_COPY_POSSIBLE");
        assertThat(accepted.exit()).as(accepted.err()).isEqualTo(Exit.DONE);
        JsonNode line = shown.lines().get(0);
        assertThat(line.path("state").asText()).isEqualTo("UNCONFIRMED");
        assertThat(line.path("actions")).singleElement().satisfies(action -> {
            assertThat(action.path("did").asText()).isEqualTo("REPLAY");
            assertThat(action.path("by").asText()).isEqualTo("eva");
            assertThat(action.path("why").asText()).isEqualTo("rather twice");
        });
    }

    @Test
    void a_refused_message_is_corrected_under_a_key_of_its_own() throws Exception {
        CrmProcess keyless = outbox("replay", refused, "--to", "wang@example.com", "--why", "typing error");
        CrmProcess corrected =
                outbox("replay", refused, "--to", "wang@example.com", "--key", "refused-2", "--why", "typing error");
        CrmProcess listed = outbox("list", "--key", "refused-2");
        CrmProcess content = CrmProcess.run(
                folder,
                "",
                "outbox",
                "show",
                listed.lines().get(0).path("delivery").asText(),
                "--content",
                "--store",
                store);

        assertThat(keyless.exit()).isEqualTo(Exit.USAGE);
        assertThat(corrected.exit()).as(corrected.err()).isEqualTo(Exit.DONE);
        assertThat(listed.lines().get(0).path("to").asText()).isEqualTo("wang@example.com");
        assertThat(content.out()).containsExactly("您好 refused");
        assertThat(outbox("list", "--state", "cancelled").lines()).hasSize(1);
    }

    @Test
    void a_pause_lasts_and_everything_done_by_hand_is_in_the_audit() throws Exception {
        CrmProcess paused = outbox("pause", "--why", "moving", "--by", "eva");
        CrmProcess settled = outbox(
                "settle", doubtful, "--found", "accepted", "--host", "mx", "--words", "queued as 4711", "--why", "log");
        outbox("replay", refused, "--why", "they made room");
        CrmProcess late = outbox("cancel", doubtful, "--why", "they rang");
        CrmProcess worker = CrmProcess.run(
                folder, "", "worker", "--store", store, "--smtp", "smtp://127.0.0.1:1?tls=none", "--until-idle");
        CrmProcess resumed = outbox("resume", "--why", "moved", "--by", "li");
        CrmProcess audit = outbox("audit");

        assertThat(paused.lines().get(0).path("why").asText()).isEqualTo("moving");
        assertThat(settled.lines().get(0).path("state").asText()).isEqualTo("ACCEPTED");
        assertThat(late.exit()).isEqualTo(Exit.FINDINGS);
        assertThat(worker.exit()).as(worker.err()).isEqualTo(Exit.HELD);
        assertThat(resumed.lines().get(0).path("was_paused").asBoolean()).isTrue();
        assertThat(audit.lines())
                .extracting(line -> line.path("did").asText())
                .containsExactly("PAUSE", "SETTLE", "REPLAY", "RESUME");
    }

    @Test
    void a_pause_of_one_destination_shows_in_the_health_and_holds_a_worker_that_ends_when_idle() throws Exception {
        CrmProcess both = outbox("pause", "--destination", "a.example", "--campaign", "may", "--why", "x");
        CrmProcess address = outbox("pause", "--destination", "li@example.com", "--why", "x");
        CrmProcess paused = outbox("pause", "--destination", "example.com", "--why", "they asked us to", "--by", "eva");
        outbox("replay", refused, "--why", "they made room");
        CrmProcess worker = CrmProcess.run(
                folder, "", "worker", "--store", store, "--smtp", "smtp://127.0.0.1:1?tls=none", "--until-idle");
        CrmProcess health = CrmProcess.run(folder, "", "health", "--store", store, "--json");
        CrmProcess resumed = outbox("resume", "--destination", "example.com", "--why", "done", "--by", "li");
        CrmProcess audit = outbox("audit");

        assertThat(both.exit()).isEqualTo(Exit.USAGE);
        assertThat(address.exit()).isEqualTo(Exit.USAGE);
        assertThat(paused.exit()).as(paused.err()).isEqualTo(Exit.DONE);
        assertThat(paused.lines().get(0).path("destination").asText()).isEqualTo("example.com");
        assertThat(worker.exit()).as(worker.err()).isEqualTo(Exit.HELD);
        assertThat(health.lines().get(0).path("paused_destinations")).hasSize(1);
        assertThat(health.lines().get(0).path("parked").asInt()).isEqualTo(1);
        assertThat(resumed.lines().get(0).path("was_paused").asBoolean()).isTrue();
        assertThat(audit.lines())
                .extracting(
                        line -> line.path("did").asText(),
                        line -> line.path("detail").asText())
                .containsExactly(
                        tuple("PAUSE", "destination example.com"),
                        tuple("REPLAY", ""),
                        tuple("RESUME", "destination example.com"));
    }

    @Test
    void a_running_campaign_is_paused_and_resumed_with_who_and_why() throws Exception {
        try (Store opened = Store.open(store);
                Outbox outbox = Outbox.builder(opened).channel(new Bad()).build()) {
            Campaigns campaigns = Campaigns.builder(opened, outbox).build();
            CampaignSpec spec = new CampaignSpec("recall-7", "recall", null, null, null, 1, 1.5, 1_000);
            campaigns.prepare(
                    spec,
                    List.of(CampaignMember.of("li@example.com"), CampaignMember.of("wang@example.com"))
                            .iterator());
            campaigns.step(
                    "recall-7",
                    (member, key) -> Message.transactional(key)
                            .to(member.address())
                            .content("text/plain", "recalled")
                            .build());
        }

        CrmProcess unknown = outbox("pause", "--campaign", "recall-8", "--why", "x");
        CrmProcess paused = outbox("pause", "--campaign", "recall-7", "--why", "wrong lot", "--by", "eva");
        CrmProcess again = outbox("pause", "--campaign", "recall-7", "--why", "wrong lot", "--by", "eva");
        CrmProcess resumed = outbox("resume", "--campaign", "recall-7", "--why", "right lot", "--by", "li");

        assertThat(unknown.exit()).isEqualTo(Exit.USAGE);
        assertThat(paused.exit()).as(paused.err()).isEqualTo(Exit.DONE);
        assertThat(paused.lines().get(0).path("taken_back").asInt()).isEqualTo(2);
        assertThat(again.exit()).isEqualTo(Exit.USAGE);
        assertThat(resumed.exit()).as(resumed.err()).isEqualTo(Exit.DONE);
        try (Store opened = Store.open(store);
                Outbox outbox = Outbox.builder(opened).channel(new Bad()).build()) {
            assertThat(Campaigns.builder(opened, outbox).build().history("recall-7"))
                    .satisfiesExactly(
                            line -> assertThat(line).contains("PAUSED", "eva", "wrong lot"),
                            line -> assertThat(line).contains("RESUMED", "li", "right lot"));
        }
    }

    @Test
    void only_what_is_old_enough_is_archived_and_times_that_forget_too_early_are_refused() throws Exception {
        CrmProcess none = outbox("archive", "a.jsonl", "--why", "monthly");
        CrmProcess hasty = outbox("archive", "b.jsonl", "--messages", "PT1H", "--why", "monthly");

        assertThat(none.exit()).as(none.err()).isEqualTo(Exit.DONE);
        assertThat(none.lines().get(0).path("messages").asInt(-1)).isZero();
        assertThat(none.lines().get(0).path("finished").asBoolean()).isTrue();
        assertThat(folder.resolve("a.jsonl")).doesNotExist();
        assertThat(hasty.exit()).isEqualTo(Exit.USAGE);
        assertThat(outbox("list").lines()).hasSize(2);
    }

    @Test
    void an_action_without_a_reason_is_no_action() throws Exception {
        assertThat(outbox("cancel", refused).exit()).isEqualTo(Exit.USAGE);
        assertThat(outbox("audit").lines()).isEmpty();
    }

    /** Refuses the one and breaks in the window of the other. */
    private static final class Bad implements Channel {
        @Override
        public String name() {
            return "smtp";
        }

        @Override
        public EnqueueAnswer.@Nullable Reject validate(Message message) {
            return null;
        }

        @Override
        public void send(Dispatch dispatch) throws Exception {
            if (dispatch.message().key().equals("refused")) {
                dispatch.recipients().forEach(to -> dispatch.record(to, new Outcome.Refused("no such user", null)));
            } else {
                dispatch.beginWindow();
                throw new IOException("cut");
            }
        }
    }
}
