package io.crmsdk.mail;

import io.crmsdk.Redaction;
import io.crmsdk.delivery.Channel;
import io.crmsdk.delivery.Dispatch;
import io.crmsdk.delivery.DispatchRecipient;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outcome;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.ModelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in for a channel where no mail may leave the house, in tests and on staging: writes each mail to a file instead, and sends it
 * to one address of the house's if it is told to. Those whom it is told to let through get theirs by the real channel.
 *
 * <p>A delivery that was kept here is FAILED, with the name of its file: nobody took it, and it is not tried again. It is never
 * ACCEPTED, whatever the server of the house's address says. Its file is named by the delivery, is on disk before that is recorded,
 * and begins with an {@code X-Crm-Sandbox} line that says whom it was for; so does what is redirected, and its subject begins with
 * {@code [sandbox]}. An attempt that is repeated writes the same file. The outbox's health, what a text of this channel shows, and a
 * warning when it is built, say that it is no real one. Thread-safe.
 *
 * <pre>{@code
 * Channel channel = SandboxChannel.builder(Path.of("outgoing"))
 *         .letThrough(smtp, List.of("@shop.example", "eva@partner.example"))
 *         .build();
 * }</pre>
 */
public final class SandboxChannel implements Channel {
    /** How the cause of a delivery begins that was kept here. */
    public static final String SANDBOX = "SANDBOX";

    private static final Pattern SUBJECT = Pattern.compile("(?im)^Subject:");
    private static final Logger LOG = LoggerFactory.getLogger(SandboxChannel.class);

    private final Path folder;
    private final String name;
    private final @Nullable Channel real;
    private final Set<String> allowed;
    private final @Nullable String redirect;

    private SandboxChannel(Builder builder) {
        this.folder = builder.folder;
        this.real = builder.real;
        this.allowed = Set.copyOf(builder.allowed);
        this.name = builder.name;
        this.redirect = builder.redirect;
    }

    /**
     * A sandbox.
     *
     * @param folder where mails are kept; it is made if it is not there. They hold personal values and need the protection of the
     *     records themselves
     */
    public static Builder builder(Path folder) {
        return new Builder(folder);
    }

    @Override
    public String name() {
        return name;
    }

    /** As the real channel does; without one, refuses what is no address. */
    @Override
    public EnqueueAnswer.@Nullable Reject validate(Message message) {
        if (real != null) {
            return real.validate(message);
        }
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
        return null;
    }

    /** That it is a sandbox, so that health shows it. */
    @Override
    public String paused() {
        String where = redirect == null ? "" : " and sent to " + Redaction.email(redirect);
        return SANDBOX + ": mails are kept in " + folder + where + " instead of being sent, but to " + allowed.size()
                + " addresses and domains";
    }

    @Override
    public void send(Dispatch dispatch) throws Exception {
        for (DispatchRecipient recipient : dispatch.recipients()) {
            if (!isLetThrough(recipient.address())) {
                String file = keep(dispatch.message(), recipient);
                String went = redirect == null ? "" : redirected(dispatch, recipient, redirect);
                dispatch.record(
                        recipient,
                        new Outcome.Refused(
                                SANDBOX + ": kept as " + file + "; this channel lets nothing out to this recipient"
                                        + went,
                                null));
            }
        }
        if (real != null && !dispatch.recipients().isEmpty()) {
            real.send(dispatch);
        }
    }

    /** Sends a mail to the house's address; what its server says is told, and counts for nobody. */
    private String redirected(Dispatch dispatch, DispatchRecipient recipient, String to) throws Exception {
        Redirected redirected = new Redirected(dispatch, recipient, to);
        Objects.requireNonNull(real, "a sandbox redirects by a real channel").send(redirected);
        return "; to the sandbox's address: " + redirected.what;
    }

    /** The same mail to another, under ids that no delivery has: no report that comes back is joined to one. */
    private static final class Redirected implements Dispatch {
        private final Dispatch dispatch;
        private final DispatchRecipient instead;
        private final Message message;
        private final String messageId;
        private boolean open = true;
        private String what = "nothing was said";

        Redirected(Dispatch dispatch, DispatchRecipient recipient, String to) {
            this.dispatch = dispatch;
            String id = "sandbox-" + recipient.deliveryId();
            this.messageId =
                    UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString();
            this.instead = new DispatchRecipient(id, to);
            Message original = dispatch.message();
            Message.Builder copy = Message.transactional(original.key())
                    .to(to)
                    .content(original.mediaType(), marked(SandboxChannel.bytes(original, recipient)));
            original.attributes().forEach(copy::attribute);
            this.message = copy.build();
        }

        /** A word before the subject; a signature of the mail, which covers the subject, no longer fits. */
        private static byte[] marked(byte[] mail) {
            String text = new String(mail, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            Matcher subject = SUBJECT.matcher(end < 0 ? text : text.substring(0, end));
            return subject.find()
                    ? (text.substring(0, subject.end()) + " [sandbox]" + text.substring(subject.end()))
                            .getBytes(StandardCharsets.ISO_8859_1)
                    : mail;
        }

        @Override
        public Message message() {
            return message;
        }

        @Override
        public String messageId() {
            return messageId;
        }

        @Override
        public int attempt() {
            return dispatch.attempt();
        }

        @Override
        public List<DispatchRecipient> recipients() {
            return open ? List.of(instead) : List.of();
        }

        @Override
        public List<DispatchRecipient> recheck() {
            return recipients();
        }

        /** There is no doubt to declare: the recipient gets nothing, whatever becomes of this. */
        @Override
        public void beginWindow() {}

        @Override
        public void record(DispatchRecipient recipient, Outcome outcome) {
            open = false;
            what = outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        }
    }

    private boolean isLetThrough(String address) {
        if (real == null) {
            return false;
        }
        return EmailAddress.tryParse(address)
                .map(EmailAddress::canonical)
                .map(plain -> allowed.contains(plain) || allowed.contains(plain.substring(plain.lastIndexOf('@'))))
                .orElse(false);
    }

    private String keep(Message message, DispatchRecipient recipient) throws IOException {
        String file = recipient.deliveryId().replaceAll("[^A-Za-z0-9.-]", "_") + ".eml";
        // Two workers never have one delivery, but one that lost its lease may still be writing.
        Path draft = Files.createTempFile(folder, ".", ".part");
        try {
            try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(bytes(message, recipient));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(
                    draft, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
        syncFolder();
        return file;
    }

    private static byte[] bytes(Message message, DispatchRecipient recipient) {
        String whom = EmailAddress.tryParse(recipient.address())
                .map(EmailAddress::wire)
                .orElse("somebody without an address");
        StringBuilder head = new StringBuilder(
                "X-Crm-Sandbox: not sent; for " + whom + "; delivery " + recipient.deliveryId() + "\r\n");
        if (!message.mediaType().equals("message/rfc822")) {
            head.append("Content-Type: ").append(message.mediaType()).append("\r\n\r\n");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(message.content());
        return bytes.toByteArray();
    }

    /** The name of a file is durable once its folder is; systems that cannot open a folder do that by themselves. */
    private void syncFolder() throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ)) {
                opened.force(true);
            }
        }
    }

    /** Says that it is a sandbox, and how many are let through. */
    @Override
    public String toString() {
        return "SandboxChannel[" + name + ", " + folder + ", lets through " + allowed.size() + "]";
    }

    /** Collects what a sandbox does; not thread-safe. */
    public static final class Builder {
        private final Path folder;
        private final Set<String> allowed = new HashSet<>();
        private String name = "sandbox";
        private @Nullable Channel real;
        private @Nullable String redirect;

        private Builder(Path folder) {
            this.folder = folder.toAbsolutePath();
        }

        /** The name under which messages are stored for this channel; the real channel's if there is one, else {@code sandbox}. */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Sends to some by a real channel, whose name this channel then has.
         *
         * @param recipients addresses, and domains written {@code @example.com}, without those below them
         * @throws IllegalArgumentException if one is neither
         */
        public Builder letThrough(Channel real, Collection<String> recipients) {
            this.real = Objects.requireNonNull(real, "real");
            this.name = real.name();
            int n = 0;
            for (String each : recipients) {
                n++;
                String text = each.startsWith("@") ? "any" + each : each;
                String plain =
                        EmailAddress.tryParse(text).map(EmailAddress::canonical).orElse("");
                if (plain.isEmpty()) {
                    throw new IllegalArgumentException(
                            "recipient " + n + " to let through: expected an address or @ and a domain");
                }
                allowed.add(each.startsWith("@") ? plain.substring(plain.lastIndexOf('@')) : plain);
            }
            return this;
        }

        /**
         * Also sends all that is kept to one address, by a real channel, whose name this channel then has; for those who want to see
         * mails in a mailbox. Links in them are those of the people whom they were for.
         *
         * @param address of the house's
         */
        public Builder redirectTo(Channel real, EmailAddress address) {
            this.redirect = address.wire();
            this.real = Objects.requireNonNull(real, "real");
            this.name = real.name();
            return this;
        }

        /**
         * The channel.
         *
         * @throws MailException {@code SANDBOX_FOLDER} if the folder cannot be made or written to
         */
        public SandboxChannel build() {
            try {
                Files.createDirectories(folder);
                Files.delete(Files.createTempFile(folder, ".", ".part"));
            } catch (IOException e) {
                throw new MailException("SANDBOX_FOLDER", "the folder " + folder + " cannot be made or written to", e);
            }
            SandboxChannel channel = new SandboxChannel(this);
            LOG.warn("the channel {} is none: {}", name, channel.paused());
            return channel;
        }
    }
}
