package io.crmsdk.mail.provider;

import io.crmsdk.delivery.Channel;
import io.crmsdk.delivery.Dispatch;
import io.crmsdk.delivery.DispatchRecipient;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Evidence;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outcome;
import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpGateway;
import io.crmsdk.http.HttpLimits;
import io.crmsdk.http.HttpOutcome;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.ModelException;
import io.crmsdk.time.UtcClock;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands mails over to a mail provider by its API, one recipient a call, with the provider's own id of each as evidence.
 *
 * <p>ACCEPTED needs the provider's documented yes. A call that broke off after it may have been read is UNCONFIRMED, never failed: most
 * providers cannot tell a repetition from a second mail. What is about the account (a wrong key, no credit, a limit) defers the mail
 * rather than failing it. Take what happens afterwards by {@link WebhookReceiver}.
 *
 * <p>A mail to several recipients becomes one mail for each, in which only that recipient stands; Mailgun and Amazon take the mail as
 * it is, the others write it themselves, all but Mailgun with a Message-ID of their own. Thread-safe; shows no key.
 */
public final class ProviderChannel implements Channel, AutoCloseable {
    /** The content is no mail. */
    public static final String BAD_CONTENT = "BAD_CONTENT";

    private static final String MAIL = "message/rfc822";

    private final String name;
    private final SendApi api;
    private final HttpGateway gateway;
    private final String host;
    private final UtcClock clock;

    private ProviderChannel(Builder builder, HttpGateway gateway, URI origin) {
        this.name = builder.name;
        this.api = builder.api;
        this.gateway = gateway;
        this.host = origin.getHost();
        this.clock = builder.clock;
    }

    /** SendGrid; for its European region state {@code https://api.eu.sendgrid.com} as {@link Builder#origin}. */
    public static Builder sendGrid(Supplier<String> apiKey) {
        return new Builder(new SendGridSend(apiKey));
    }

    /**
     * Postmark.
     *
     * @param stream the message stream, {@code outbound} for messages that are owed, one of its broadcast streams for marketing
     */
    public static Builder postmark(Supplier<String> serverToken, String stream) {
        return new Builder(new PostmarkSend(serverToken, stream));
    }

    /** Brevo. */
    public static Builder brevo(Supplier<String> apiKey) {
        return new Builder(new BrevoSend(apiKey));
    }

    /** Mailgun; for its European region state {@code https://api.eu.mailgun.net} as {@link Builder#origin}. */
    public static Builder mailgun(String domain, Supplier<String> apiKey) {
        return new Builder(new MailgunSend(domain, apiKey));
    }

    /** Resend. */
    public static Builder resend(Supplier<String> apiKey) {
        return new Builder(new ResendSend(apiKey, UtcClock.system()));
    }

    /**
     * Amazon SES by its API v2. Its events bring back which mail they are about where they come by event publishing, see {@link
     * WebhookScheme#amazonSns}. It writes its own Message-ID and Date over ours.
     *
     * @param region for example {@code eu-central-1}
     * @param key asked for at each call, so that temporary keys can change
     * @param configurationSet whose event destination reports what happens; null for the identity's default
     */
    public static Builder amazonSes(String region, Supplier<AccessKey> key, @Nullable String configurationSet) {
        return new Builder(new SesSend(region, key, configurationSet));
    }

    /**
     * Alibaba Cloud DirectMail (阿里云邮件推送) by its API, in Hangzhou; for another region state for example {@code
     * https://dm.ap-southeast-1.aliyuncs.com} as {@link Builder#origin}. Takes mails of text and HTML without attachments and without
     * list or custom headers; others are refused at the door, its SMTP server takes them.
     */
    public static Builder aliyunDirectMail(Supplier<AccessKey> key) {
        return new Builder(new AliyunSend(key));
    }

    @Override
    public String name() {
        return name;
    }

    /** Refuses what could never be sent: addresses, and content that is no mail. */
    @Override
    public EnqueueAnswer.@Nullable Reject validate(Message message) {
        for (int i = 0; i < message.recipients().size(); i++) {
            try {
                EmailAddress.parse(message.recipients().get(i));
            } catch (ModelException e) {
                return new EnqueueAnswer.Reject(
                        message.key(),
                        EnqueueAnswer.Reject.BAD_RECIPIENT,
                        "recipient " + (i + 1) + ": " + e.getMessage());
            }
        }
        if (!message.mediaType().equals(MAIL)) {
            return new EnqueueAnswer.Reject(
                    message.key(), BAD_CONTENT, "expected " + MAIL + ", got " + message.mediaType());
        }
        try {
            api.call(message.content(), message.recipients().get(0), "00000000-0000-0000-0000-000000000000", "check");
            return null;
        } catch (SentMail.UnreadableException | IOException e) {
            return new EnqueueAnswer.Reject(message.key(), BAD_CONTENT, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void send(Dispatch dispatch) throws Exception {
        dispatch.beginWindow();
        boolean first = true;
        for (DispatchRecipient recipient : dispatch.recipients()) {
            // Consent is asked anew for those who come later: each call may take seconds.
            if (first || dispatch.recheck().contains(recipient)) {
                dispatch.record(recipient, send(dispatch, recipient));
            }
            first = false;
        }
    }

    private Outcome send(Dispatch dispatch, DispatchRecipient recipient) throws Exception {
        HttpOutcome outcome = gateway.send(api.call(
                dispatch.message().content(), recipient.address(), dispatch.messageId(), recipient.deliveryId()));
        if (outcome instanceof HttpOutcome.Accepted accepted) {
            return outcome(accepted.answer(), api.accepted(accepted.answer()));
        }
        if (outcome instanceof HttpOutcome.Refused refused) {
            return outcome(refused.answer(), api.refused(refused.answer()));
        }
        if (outcome instanceof HttpOutcome.NotTaken notTaken) {
            Evidence evidence =
                    notTaken.answer().map(answer -> evidence(answer, null, "")).orElse(null);
            return new Outcome.Deferred(
                    notTaken.code() + ": " + notTaken.reason(),
                    evidence,
                    notTaken.retryAt().map(this::until).orElse(null));
        }
        HttpOutcome.Unknown unknown = (HttpOutcome.Unknown) outcome;
        return new Outcome.Unconfirmed(unknown.code() + ": " + unknown.reason());
    }

    private Outcome outcome(HttpAnswer answer, SendApi.Reply reply) {
        String words = "HTTP " + answer.status() + (reply.words().isEmpty() ? "" : " " + reply.words());
        return switch (reply.meaning()) {
            case TAKEN -> new Outcome.Accepted(evidence(answer, reply.id(), reply.words()));
            case NEVER -> new Outcome.Refused(words, evidence(answer, null, reply.words()));
            case NOT_NOW ->
                new Outcome.Deferred(
                        "PROVIDER_ACCOUNT: " + words, evidence(answer, null, reply.words()), Duration.ofMinutes(5));
            case UNCLEAR -> new Outcome.Unconfirmed("PROVIDER_ANSWER: " + words);
        };
    }

    private Evidence evidence(HttpAnswer answer, @Nullable String id, String words) {
        return new Evidence(host, ("HTTP " + answer.status() + " " + words).strip(), id, clock.instant());
    }

    private @Nullable Duration until(Instant at) {
        Duration wait = Duration.between(clock.instant(), at);
        return wait.isNegative() ? null : wait;
    }

    /** Ends its connections. */
    @Override
    public void close() {
        gateway.close();
    }

    /** Shows no key. */
    @Override
    public String toString() {
        return "ProviderChannel[" + name + ", " + api.provider() + "]";
    }

    /** Collects how to reach a provider; not thread-safe. */
    public static final class Builder {
        private final SendApi api;
        private String name;
        private URI origin;
        private UtcClock clock = UtcClock.system();
        private int calls;
        private Duration per = Duration.ofSeconds(1);
        private boolean local;
        private HttpLimits limits = HttpLimits.defaults();

        private Builder(SendApi api) {
            this.api = api;
            this.name = api.provider();
            this.origin = api.origin();
        }

        /** The name under which messages are stored for this channel; the provider's unless said. */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name, "name");
            return this;
        }

        /** Another origin of the provider's, for example of its European region. */
        public Builder origin(URI origin) {
            this.origin = Objects.requireNonNull(origin, "origin");
            return this;
        }

        /** At most so many calls in a time; as fast as it goes unless said. */
        public Builder rate(int calls, Duration per) {
            this.calls = calls;
            this.per = Objects.requireNonNull(per, "per");
            return this;
        }

        /** Allows an origin without TLS in a private network: for tests against a server of one's own. */
        public Builder unsafelyAllowingPlainHttp() {
            this.local = true;
            return this;
        }

        Builder limits(HttpLimits limits) {
            this.limits = limits;
            return this;
        }

        /** The clock of the evidence. */
        public Builder clock(UtcClock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /** The channel; connects when the first mail is sent. */
        public ProviderChannel build() {
            HttpGateway.Builder gateway = HttpGateway.builder(origin)
                    .authorization(api.authorization())
                    .limits(limits)
                    .clock(clock);
            if (calls > 0) {
                gateway.rate(calls, per);
            }
            if (local) {
                gateway.plainHttpAllowed().privateNetworkAllowed();
            }
            return new ProviderChannel(this, gateway.build(), origin);
        }
    }
}
