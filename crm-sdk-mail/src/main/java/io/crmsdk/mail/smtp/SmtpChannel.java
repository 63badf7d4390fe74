package io.crmsdk.mail.smtp;

import io.crmsdk.delivery.Channel;
import io.crmsdk.delivery.Dispatch;
import io.crmsdk.delivery.DispatchRecipient;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Evidence;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outcome;
import io.crmsdk.mail.Email;
import io.crmsdk.mail.MailException;
import io.crmsdk.mail.ReturnPath;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.ModelException;
import io.crmsdk.time.UtcClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Hands messages over to one mail server by SMTP, and says exactly what is known of each recipient afterwards.
 *
 * <p>A positive reply to the message makes it accepted, with the server's words and queue id as evidence. A negative reply,
 * or any break before the final dot, makes it deferred or refused: it surely was not taken. A break after the final dot
 * makes it unconfirmed, because a server that took the message and one that did not look alike from there.
 *
 * <p>By default the connection must be protected: implicit TLS for {@code smtps://}, STARTTLS for {@code smtp://}, a
 * certificate that a known authority signed for this host. There is no falling back; what switches a protection off has
 * {@code unsafely} in its name and shows in {@link #health()}.
 *
 * <p>Messages are of the media type {@code message/rfc822}. Their attribute {@value #ENVELOPE_FROM} is the address that
 * reports go to (empty for none); without it the channel's own is used. Thread-safe. Source: RFC 5321, 2920, 3207, 3461,
 * 4954, 6152, 6531.
 */
public final class SmtpChannel implements Channel, AutoCloseable {
    /** The message attribute with the envelope's sender; empty for the null sender. */
    public static final String ENVELOPE_FROM = Email.ENVELOPE_FROM;

    /**
     * The message attribute with the reports to ask for, as in RFC 3461 §4.1: {@code NEVER}, or a list of {@code SUCCESS},
     * {@code FAILURE}, {@code DELAY}. Without it {@code FAILURE,DELAY}.
     */
    public static final String DSN_NOTIFY = "dsn.notify";

    /** Reject code: the envelope's sender is missing or cannot be used. */
    public static final String BAD_SENDER = "BAD_SENDER";

    /** Reject code: the content is no mail that can be sent as it is. */
    public static final String BAD_CONTENT = "BAD_CONTENT";

    private static final String DEFAULT_NOTIFY = "FAILURE,DELAY";
    private static final Set<String> NOTIFY_WORDS = Set.of("SUCCESS", "FAILURE", "DELAY");

    /** A consent read longer ago than this is read again before anybody is addressed. */
    private static final long FRESH_NANOS = Duration.ofMillis(500).toNanos();

    private final String name;
    private final Settings settings;
    private final @Nullable EmailAddress from;
    private final @Nullable ReturnPath returnPath;
    private final List<String> unsafe;
    private final Pool pool;
    private final SenderPauses senders;

    private SmtpChannel(Builder builder, Settings settings) {
        this.name = builder.name;
        this.settings = settings;
        this.from = builder.from;
        this.returnPath = builder.returnPath;
        this.unsafe = List.copyOf(builder.unsafe());
        this.pool = new Pool(settings, builder.connections, builder.messagesPerConnection);
        this.senders = new SenderPauses(settings.clock());
    }

    /**
     * Starts a channel to the server of a URL: {@code smtp://[user:password@]host[:port][?tls=none]} with STARTTLS required
     * unless {@code tls=none} is stated, or {@code smtps://} with TLS from the first byte. Ports default to 587 and 465;
     * user and password are percent-encoded.
     *
     * @throws MailException {@code SMTP_URL}, without quoting the URL
     */
    public static Builder builder(String url) {
        return new Builder(Target.parse(url));
    }

    @Override
    public String name() {
        return name;
    }

    /** How the channel stands with its server. */
    public SmtpHealth health() {
        return pool.health(unsafe);
    }

    @Override
    public @Nullable String paused() {
        return health().pausedFor();
    }

    /** Refuses what could never be sent: addresses, a missing sender, a line of more than 998 octets, a NUL. */
    @Override
    public EnqueueAnswer.@Nullable Reject validate(Message message) {
        for (int i = 0; i < message.recipients().size(); i++) {
            try {
                EmailAddress.parse(message.recipients().get(i));
            } catch (ModelException e) {
                return reject(
                        message, EnqueueAnswer.Reject.BAD_RECIPIENT, "recipient " + (i + 1) + ": " + e.getMessage());
            }
        }
        String envelope = envelopeProblem(message);
        if (envelope != null) {
            return reject(message, BAD_SENDER, envelope);
        }
        String content = contentProblem(message);
        return content == null ? null : reject(message, BAD_CONTENT, content);
    }

    private static EnqueueAnswer.Reject reject(Message message, String code, String why) {
        return new EnqueueAnswer.Reject(message.key(), code, why);
    }

    private @Nullable String envelopeProblem(Message message) {
        String sender = message.attributes().get(ENVELOPE_FROM);
        if (sender == null && from == null && returnPath == null) {
            return "no envelope sender: set the attribute " + ENVELOPE_FROM + ", or the channel's own";
        }
        if (sender != null && !sender.isEmpty() && EmailAddress.tryParse(sender).isEmpty()) {
            return "the attribute " + ENVELOPE_FROM + " is not an address";
        }
        String notify = message.attributes().getOrDefault(DSN_NOTIFY, DEFAULT_NOTIFY);
        return notify.equals("NEVER") || NOTIFY_WORDS.containsAll(List.of(notify.split(",", -1)))
                ? null
                : "the attribute " + DSN_NOTIFY + " is neither NEVER nor a list of SUCCESS, FAILURE, DELAY";
    }

    private static @Nullable String contentProblem(Message message) {
        if (!message.mediaType().equals("message/rfc822")) {
            return "expected message/rfc822, got " + message.mediaType();
        }
        MailBytes mail = MailBytes.of(message.content());
        if (mail.size() == 0) {
            return "the message is empty";
        }
        if (mail.hasNul()) {
            return "the message holds a NUL, which mail cannot carry: encode it";
        }
        return mail.longestLine() > MailBytes.MAX_LINE
                ? "a line of " + mail.longestLine() + " octets, at most " + MailBytes.MAX_LINE
                        + " are allowed: encode it"
                : null;
    }

    @Override
    public void send(Dispatch dispatch) throws Exception {
        long began = System.nanoTime();
        Envelope envelope = envelope(dispatch.message(), dispatch.messageId());
        SenderPauses.Pause pause = senders.pause(envelope.sender());
        if (pause != null) {
            defer(
                    dispatch,
                    new Outcome.Deferred("SMTP_SENDER_REFUSED: this sender was refused before", null, pause.left()));
            return;
        }
        MailBytes mail = MailBytes.of(dispatch.message().content());
        boolean done = attempt(dispatch, mail, envelope, began, false);
        if (!done) {
            attempt(dispatch, mail, envelope, began, true);
        }
    }

    /** One try; false if it met a connection that had ended before the server could have read of this message. */
    private boolean attempt(Dispatch dispatch, MailBytes mail, Envelope envelope, long began, boolean fresh)
            throws Exception {
        Session session = acquire(dispatch, fresh);
        if (session == null) {
            return true;
        }
        boolean reusable = false;
        try {
            if (System.nanoTime() - began > FRESH_NANOS && dispatch.recheck().isEmpty()) {
                reusable = true;
                return true;
            }
            Transaction transaction = new Transaction(session, dispatch, mail, envelope);
            reusable = transaction.run();
            if (transaction.isAccepted()) {
                pool.succeeded();
            } else if (transaction.isSenderRefused()) {
                senders.refused(envelope.sender(), settings.target());
            }
            return true;
        } catch (Transaction.StaleException e) {
            if (e.isAnnounced()) {
                pool.learnLimit(session.messages());
            }
            return false;
        } finally {
            giveBack(session, reusable);
        }
    }

    private void giveBack(Session session, boolean reusable) {
        if (reusable) {
            pool.release(session);
        } else {
            pool.drop(session);
        }
    }

    private @Nullable Session acquire(Dispatch dispatch, boolean fresh) throws Exception {
        try {
            return pool.acquire(fresh);
        } catch (Pool.PausedException e) {
            defer(dispatch, new Outcome.Deferred(Objects.requireNonNull(e.getMessage()), null, e.left()));
        } catch (SmtpFailure e) {
            Reply reply = e.reply();
            defer(
                    dispatch,
                    new Outcome.Deferred(
                            Objects.requireNonNull(e.getMessage()),
                            reply == null
                                    ? null
                                    : new Evidence(
                                            settings.target().host(),
                                            reply.words(),
                                            null,
                                            settings.clock().instant()),
                            health().pausedLeft()));
        }
        return null;
    }

    private static void defer(Dispatch dispatch, Outcome outcome) {
        for (DispatchRecipient recipient : dispatch.recipients()) {
            dispatch.record(recipient, outcome);
        }
    }

    private Envelope envelope(Message message, String id) {
        String notify = message.attributes().getOrDefault(DSN_NOTIFY, DEFAULT_NOTIFY);
        String sender = message.attributes().get(ENVELOPE_FROM);
        if (sender != null && sender.isEmpty()) {
            return new Envelope(null, notify); // wants no reports
        }
        if (returnPath != null) {
            return new Envelope(returnPath.of(id), notify);
        }
        return new Envelope(sender == null ? from : EmailAddress.parse(sender), notify);
    }

    /** Ends idle connections; those in use end with their message. Later messages are deferred. */
    @Override
    public void close() {
        pool.close();
    }

    /** Server and name, no secret. */
    @Override
    public String toString() {
        return "SmtpChannel[" + name + ", " + settings.target() + "]";
    }

    /** Collects the settings of an {@link SmtpChannel}; not thread-safe. */
    public static final class Builder {
        private final Target target;
        private String name = "smtp";
        private @Nullable EmailAddress from;
        private @Nullable ReturnPath returnPath;
        private @Nullable String heloName;
        private @Nullable Login login;
        private @Nullable KeyStore authorities;
        private @Nullable SSLContext context;
        private boolean trustsAll;
        private boolean plain;
        private boolean plainLogin;
        private boolean pipelining = true;
        private boolean dsn = true;
        private int connections = 8;
        private int messagesPerConnection = 100;
        private SmtpTimeouts timeouts = SmtpTimeouts.defaults();
        private UtcClock clock = UtcClock.system();

        private Builder(Target target) {
            this.target = target;
            this.plain = target.plain();
            String user = target.user();
            String password = target.password();
            if (user != null && password != null) {
                this.login = Login.password(user, password);
            }
        }

        /** The name under which messages are stored for this channel; {@code smtp} without it. */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Where reports of all messages go that want any, each message with an address of its own; {@link #envelopeFrom} and what
         * messages state do not count then.
         */
        public Builder returnPath(ReturnPath returnPath) {
            this.returnPath = Objects.requireNonNull(returnPath, "returnPath");
            return this;
        }

        /** The envelope's sender of messages that state none: where bounces go. */
        public Builder envelopeFrom(EmailAddress address) {
            this.from = Objects.requireNonNull(address, "address");
            return this;
        }

        /**
         * What this host calls itself; without it, the address of its end of the connection. Some servers compare it with
         * the DNS.
         */
        public Builder heloName(String name) {
            if (!name.matches("[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")) {
                throw new IllegalArgumentException("heloName: expected a host name");
            }
            this.heloName = name;
            return this;
        }

        /** Logs in with a password, by AUTH SCRAM-SHA-256, PLAIN or LOGIN, the first of them that the server offers. */
        public Builder login(String user, String password) {
            this.login = Login.password(text("user", user), text("password", password));
            return this;
        }

        /** Logs in with an OAuth 2.0 access token, by XOAUTH2. */
        public Builder login(String user, TokenSource tokens) {
            this.login = Login.tokens(text("user", user), Objects.requireNonNull(tokens, "tokens"));
            return this;
        }

        /** Trusts the authorities of this store and no others. */
        public Builder trust(KeyStore authorities) {
            this.authorities = Objects.requireNonNull(authorities, "authorities");
            return this;
        }

        /**
         * Trusts the authorities of a key store file (PKCS #12 or JKS) and no others.
         *
         * @throws MailException {@code TLS_TRUST} if it cannot be read
         */
        public Builder trust(Path file, String password) {
            try (InputStream in = Files.newInputStream(file)) {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(in, password.toCharArray());
                return trust(store);
            } catch (IOException | GeneralSecurityException e) {
                throw new MailException("TLS_TRUST", "trust store " + file + " cannot be read", e);
            }
        }

        /** Takes everything about TLS from this context: authorities, client certificate. The host name is still checked. */
        public Builder sslContext(SSLContext context) {
            this.context = Objects.requireNonNull(context, "context");
            return this;
        }

        /** Believes any certificate for any host: whoever sits between can read and change everything. */
        public Builder unsafelyTrustingAllCertificates() {
            this.trustsAll = true;
            return this;
        }

        /** Sends in the clear, as {@code ?tls=none} does; a password is still not sent. */
        public Builder unsafelyWithoutTls() {
            this.plain = true;
            return this;
        }

        /** Lets the password travel in the clear where TLS is switched off. */
        public Builder unsafelyLoggingInWithoutTls() {
            this.plainLogin = true;
            return this;
        }

        /** Sends one command at a time even where the server offers more; for servers that offer it and fail. */
        public Builder withoutPipelining() {
            this.pipelining = false;
            return this;
        }

        /** Asks for no delivery reports (RFC 3461) even where the server offers them. */
        public Builder withoutDsn() {
            this.dsn = false;
            return this;
        }

        /** The most connections at once, 1 to 1,000; 8 without it. */
        public Builder connections(int most) {
            this.connections = inRange("connections", most, 1000);
            return this;
        }

        /** The most messages over one connection, 1 to 1,000,000; 100 without it. */
        public Builder messagesPerConnection(int most) {
            this.messagesPerConnection = inRange("messagesPerConnection", most, 1_000_000);
            return this;
        }

        /** How long each step may take. */
        public Builder timeouts(SmtpTimeouts timeouts) {
            this.timeouts = Objects.requireNonNull(timeouts, "timeouts");
            return this;
        }

        /** The clock for evidence and pauses. */
        public Builder clock(UtcClock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * The channel; connects when the first message is sent.
         *
         * @throws MailException {@code SMTP_CONFIG} naming everything that contradicts itself
         */
        public SmtpChannel build() {
            List<String> problems = new ArrayList<>();
            if (plain && target.implicitTls()) {
                problems.add("smtps:// and unsafelyWithoutTls() contradict each other");
            }
            if (plain && (trustsAll || authorities != null || context != null)) {
                problems.add("trust was configured for a channel without TLS");
            }
            if (context != null && (trustsAll || authorities != null)) {
                problems.add("sslContext(...) and another statement of trust");
            }
            if (trustsAll && authorities != null) {
                problems.add("trust(...) and unsafelyTrustingAllCertificates()");
            }
            if (plain && login != null && !plainLogin) {
                problems.add("a login without TLS would send the password in the clear: use TLS, or state"
                        + " unsafelyLoggingInWithoutTls()");
            }
            if (!problems.isEmpty()) {
                throw new MailException("SMTP_CONFIG", target + ": " + String.join("; ", problems), null);
            }
            return new SmtpChannel(
                    this, new Settings(target, tls(), login, heloName, timeouts, pipelining, dsn, clock));
        }

        private @Nullable Tls tls() {
            if (plain) {
                return null;
            }
            try {
                if (context != null) {
                    return new Tls(context, true);
                }
                return trustsAll ? Tls.trustingAll() : Tls.trusting(authorities);
            } catch (GeneralSecurityException e) {
                throw new MailException("TLS_TRUST", "TLS cannot be set up with the given authorities", e);
            }
        }

        private List<String> unsafe() {
            List<String> unsafe = new ArrayList<>();
            if (plain) {
                unsafe.add("without TLS");
            }
            if (plain && login != null) {
                unsafe.add("password in the clear");
            }
            if (trustsAll) {
                unsafe.add("trusting all certificates");
            }
            return unsafe;
        }

        private static String text(String what, String value) {
            if (value.isEmpty() || value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(what + ": must not be empty and not hold a NUL");
            }
            return value;
        }

        private static int inRange(String what, int value, int max) {
            if (value < 1 || value > max) {
                throw new IllegalArgumentException(what + ": expected 1 to " + max + ", got " + value);
            }
            return value;
        }
    }
}
