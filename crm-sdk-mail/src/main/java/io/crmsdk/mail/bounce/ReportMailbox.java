package io.crmsdk.mail.bounce;

import io.crmsdk.mail.MailException;
import io.crmsdk.store.StoreException;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.event.MessageCountAdapter;
import jakarta.mail.event.MessageCountEvent;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.search.FlagTerm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a mailbox that reports come to and hands each mail to a {@link ReportIntake}.
 *
 * <p>A mail is marked, moved or deleted only once it was taken, so a crash at any moment at worst shows it again, and the intake knows
 * it by its content. Over IMAP taken mails are marked with the keyword {@code $CrmTaken} (and as seen) unless said otherwise; where the
 * server or somebody loses that mark, or another program reads the same mailbox, the same holds. One mail that cannot be taken is left
 * where it is and does not keep the others from being taken. Of a mail as large as 4 MiB or more only the beginning is fetched.
 *
 * <p>Thread-safe; a look at a time.
 */
public final class ReportMailbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReportMailbox.class);
    private static final String TAKEN = "$CrmTaken";

    /** Servers end a connection that idles for half an hour (RFC 2177 section 3). */
    private static final Duration LONGEST_IDLE = Duration.ofMinutes(25);

    private final MailboxUrl url;
    private final ReportIntake intake;
    private final Properties properties;
    private final boolean delete;
    private final Consumer<? super TakenReport> listener;
    private final ScheduledThreadPoolExecutor threads;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicReference<@Nullable IMAPFolder> idling = new AtomicReference<>();
    private boolean started;

    private ReportMailbox(Builder builder) {
        this.url = builder.url;
        this.intake = builder.intake;
        this.delete = builder.delete;
        this.listener = builder.listener;
        this.properties = builder.properties();
        // One looks, one ends its waiting.
        this.threads = new ScheduledThreadPoolExecutor(2, task -> {
            Thread thread = new Thread(task, "crm-report-mailbox");
            thread.setDaemon(true);
            return thread;
        });
        threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        threads.setRemoveOnCancelPolicy(true);
    }

    /**
     * Begins a mailbox.
     *
     * @param url {@code imaps://user:password@host[:port][/folder]}, or with {@code imap}, {@code pop3s} or {@code pop3}; those without
     *     the s use STARTTLS and fail without it, unless {@code ?tls=none} is stated
     * @throws MailException {@code CONFIG} if the URL is none; the message does not repeat it
     */
    public static Builder builder(String url, ReportIntake intake) {
        return new Builder(MailboxUrl.parse(url), intake);
    }

    /**
     * Looks once and takes all that is new.
     *
     * @throws MailException {@code MAILBOX_UNREADABLE} if the mailbox cannot be opened or read; what was taken stays taken
     * @throws StoreException if the store does not answer; the mail stays in the mailbox
     */
    public MailboxPoll poll() {
        return open(this::poll);
    }

    @FunctionalInterface
    private interface Work<T> {
        T in(Folder folder) throws MessagingException;
    }

    private <T> T open(Work<T> work) {
        try (jakarta.mail.Store mailbox = Session.getInstance(properties).getStore(url.protocol())) {
            mailbox.connect(url.host(), url.port(), url.user(), url.password());
            try (Folder folder = mailbox.getFolder(url.folder())) {
                folder.open(Folder.READ_WRITE);
                return work.in(folder);
            }
        } catch (MessagingException e) {
            throw new MailException(
                    "MAILBOX_UNREADABLE",
                    url
                            + " could not be read; what was taken is durable, the rest stays there: check host, login and TLS",
                    e);
        }
    }

    private synchronized MailboxPoll poll(Folder folder) throws MessagingException {
        Message[] mails = url.isPop() ? folder.getMessages() : folder.search(new FlagTerm(new Flags(TAKEN), false));
        int taken = 0;
        int known = 0;
        int unmatched = 0;
        int failed = 0;
        for (Message mail : mails) {
            TakenReport report = take(mail);
            if (report == null) {
                failed++;
                continue;
            }
            mark(mail);
            taken++;
            known += report.outcome() == TakenReport.Outcome.KNOWN ? 1 : 0;
            unmatched += report.outcome() == TakenReport.Outcome.UNMATCHED ? 1 : 0;
        }
        return new MailboxPoll(taken, known, unmatched, failed);
    }

    private @Nullable TakenReport take(Message mail) throws MessagingException {
        TakenReport report;
        try {
            report = intake.take(bytes(mail));
        } catch (IOException e) {
            throw new MessagingException("a mail could not be fetched", e);
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("mail {} of {} could not be taken and is left there", mail.getMessageNumber(), url, e);
            return null;
        }
        try {
            listener.accept(report);
        } catch (RuntimeException e) {
            LOG.warn("a listener failed on {}; it is taken nevertheless", report, e);
        }
        return report;
    }

    private static byte[] bytes(Message mail) throws IOException, MessagingException {
        Bounded bytes = new Bounded();
        try {
            ((MimeMessage) mail).writeTo(bytes);
        } catch (Bounded.Full enough) {
            LOG.info(
                    "mail {} is large; only its first {} bytes are read",
                    mail.getMessageNumber(),
                    MailReader.LONGEST_MAIL);
        }
        return bytes.bytes.toByteArray();
    }

    private void mark(Message mail) throws MessagingException {
        if (delete) {
            mail.setFlag(Flags.Flag.DELETED, true);
        } else if (!url.isPop()) {
            Flags flags = new Flags(TAKEN);
            flags.add(Flags.Flag.SEEN);
            mail.setFlags(flags, true);
        }
    }

    /**
     * Looks again and again in a thread of its own until {@link #close}; a look that fails is logged and tried again at the next time.
     * An IMAP server that offers IDLE (RFC 2177) tells of new mail, which is then taken at once. Taken mails
     * that are to be deleted are gone once the next mail came, or the pause is over.
     *
     * @param pause between two looks at most
     * @throws IllegalStateException if it was started before
     */
    public synchronized void start(Duration pause) {
        if (started) {
            throw new IllegalStateException("the mailbox is looked into already");
        }
        started = true;
        threads.execute(() -> look(pause));
    }

    private void look(Duration pause) {
        boolean told;
        do {
            told = false;
            try {
                told = open(folder -> stay(folder, pause));
            } catch (RuntimeException e) {
                LOG.warn("{} could not be read now and is tried again", url, e);
            }
        } while (!isClosing(told ? Duration.ZERO : pause));
    }

    /** Takes what there is, and what comes while the server tells of it; true if it may have told of more. */
    private boolean stay(Folder folder, Duration pause) throws MessagingException {
        AtomicBoolean news = new AtomicBoolean();
        folder.addMessageCountListener(new MessageCountAdapter() {
            @Override
            public void messagesAdded(MessageCountEvent event) {
                news.set(true);
            }
        });
        boolean told = true;
        while (told && !isClosing(Duration.ZERO)) {
            news.set(false);
            MailboxPoll poll = poll(folder);
            if (poll.taken() + poll.failed() > 0) {
                LOG.info("{}: {}", url, poll);
            }
            if (!(folder instanceof IMAPFolder imap)) {
                return false;
            }
            told = idle(imap, pause, news);
            if (delete) {
                // Closing the folder removes what was taken.
                return told;
            }
        }
        return told;
    }

    private boolean idle(IMAPFolder folder, Duration pause, AtomicBoolean news) throws MessagingException {
        if (!(folder.getStore() instanceof IMAPStore mailbox) || !mailbox.hasCapability("IDLE")) {
            return false;
        }
        if (isClosing(Duration.ZERO)) {
            return false;
        }
        Duration most = pause.compareTo(LONGEST_IDLE) < 0 ? pause : LONGEST_IDLE;
        ScheduledFuture<?> alarm;
        ScheduledFuture<?> watch;
        try {
            alarm = threads.schedule(() -> wake(folder), most.toMillis(), TimeUnit.MILLISECONDS);
            // What comes before idling has quite begun is told only then, and does not end it.
            watch = threads.scheduleWithFixedDelay(() -> wakeIf(news, folder), 1, 1, TimeUnit.SECONDS);
        } catch (RejectedExecutionException closed) {
            return false;
        }
        idling.set(folder);
        try {
            if (!isClosing(Duration.ZERO)) {
                folder.idle(true);
            }
            return true;
        } finally {
            idling.set(null);
            alarm.cancel(false);
            watch.cancel(false);
        }
    }

    private static void wakeIf(AtomicBoolean news, IMAPFolder folder) {
        if (news.get()) {
            wake(folder);
        }
    }

    /** Any command ends idling. */
    private static void wake(IMAPFolder folder) {
        try {
            folder.doCommand(protocol -> {
                protocol.simpleCommand("NOOP", null);
                return null;
            });
        } catch (MessagingException | IllegalStateException e) {
            LOG.debug("a mailbox that was waited in is gone", e);
        }
    }

    private boolean isClosing(Duration within) {
        try {
            return closing.await(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Ends looking; a look under way ends with the mail it is at. */
    @Override
    public void close() {
        closing.countDown();
        threads.shutdown();
        try {
            // Waking comes to nothing where waiting has not quite begun, so it is done until it is seen to have helped.
            for (int second = 0; !threads.awaitTermination(second == 0 ? 0 : 1, TimeUnit.SECONDS); second++) {
                IMAPFolder waiting = idling.get();
                if (waiting != null) {
                    wake(waiting);
                }
                if (second == 30) {
                    threads.shutdownNow();
                    return;
                }
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Takes so many bytes and no more. */
    private static final class Bounded extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        /** No more is wanted. */
        private static final class Full extends IOException {
            private static final long serialVersionUID = 1L;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            int room = MailReader.LONGEST_MAIL + 1 - bytes.size();
            bytes.write(from, offset, Math.min(length, room));
            if (length >= room) {
                throw new Full();
            }
        }
    }

    /** Collects how to read; not thread-safe. */
    public static final class Builder {
        private final MailboxUrl url;
        private final ReportIntake intake;
        private boolean delete;
        private Duration timeout = Duration.ofSeconds(60);
        private Consumer<? super TakenReport> listener = report -> {};
        private @Nullable SSLContext context;

        private Builder(MailboxUrl url, ReportIntake intake) {
            this.url = url;
            this.intake = Objects.requireNonNull(intake, "intake");
        }

        /** Deletes mails that were taken, since the store has them. */
        public Builder deleteTaken() {
            this.delete = true;
            return this;
        }

        /** How long to wait for the server at each step; a minute if not said. */
        public Builder timeout(Duration timeout) {
            this.timeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /** Hears of each mail once it was taken. */
        public Builder listener(Consumer<? super TakenReport> listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Trusts these authorities instead of the JDK's.
         *
         * @param file a PKCS #12 store
         * @throws MailException {@code TLS_TRUST} if it cannot be read
         */
        public Builder trust(Path file, String password) {
            try {
                KeyStore store = KeyStore.getInstance(file.toFile(), password.toCharArray());
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(store);
                SSLContext trusting = SSLContext.getInstance("TLS");
                trusting.init(null, factory.getTrustManagers(), null);
                this.context = trusting;
                return this;
            } catch (GeneralSecurityException | IOException e) {
                throw new MailException("TLS_TRUST", "the trust store " + file + " cannot be read", e);
            }
        }

        private Properties properties() {
            Properties properties = new Properties();
            String head = "mail." + url.protocol() + ".";
            String millis = String.valueOf(timeout.toMillis());
            for (String name : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
                properties.setProperty(head + name, millis);
            }
            properties.setProperty(head + "ssl.checkserveridentity", "true");
            properties.setProperty(head + "partialfetch", "true");
            properties.setProperty(head + "peek", "true");
            if (!url.implicitTls() && !url.plain()) {
                properties.setProperty(head + "starttls.enable", "true");
                properties.setProperty(head + "starttls.required", "true");
            }
            if (context != null) {
                properties.put(head + "ssl.socketFactory", context.getSocketFactory());
            }
            return properties;
        }

        /** The mailbox; connects when it is looked into. */
        public ReportMailbox build() {
            return new ReportMailbox(this);
        }
    }
}
