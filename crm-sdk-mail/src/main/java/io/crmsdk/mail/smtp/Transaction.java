package io.crmsdk.mail.smtp;

import io.crmsdk.delivery.Dispatch;
import io.crmsdk.delivery.DispatchRecipient;
import io.crmsdk.delivery.Evidence;
import io.crmsdk.delivery.Outcome;
import io.crmsdk.model.EmailAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message over one connection: MAIL, RCPT, DATA, final dot, and what each recipient's reply means.
 *
 * <p>Everything up to the first byte of the final dot defers; everything after it, short of a complete reply, is unconfirmed.
 * Used once, by one thread.
 */
final class Transaction {
    /** So many commands and their replies fit any socket buffer, so neither side waits for the other to read. */
    private static final int FLIGHT = 100;

    /** Waited out after a refusal that only a change of configuration, or of somebody's block list, can end. */
    static final Duration CONFIGURATION_WAIT = Duration.ofMinutes(5);

    private final Session session;
    private final Dispatch dispatch;
    private final MailBytes mail;
    private final Envelope envelope;
    private final List<DispatchRecipient> asked = new ArrayList<>();
    private final List<DispatchRecipient> taken = new ArrayList<>();
    private boolean answered;
    private @Nullable Reply sender;
    private @Nullable Reply data;
    private boolean accepted;

    Transaction(Session session, Dispatch dispatch, MailBytes mail, Envelope envelope) {
        this.session = session;
        this.dispatch = dispatch;
        this.mail = mail;
        this.envelope = envelope;
    }

    /** The connection had ended before the server could have read of this message. */
    static final class StaleException extends IOException {
        private static final long serialVersionUID = 1L;

        StaleException(@Nullable Throwable cause) {
            super("the connection had ended", cause);
        }

        /** Whether the server said so (421), rather than being gone. */
        boolean isAnnounced() {
            return getCause() == null;
        }
    }

    /** Whether the server said yes to the message. */
    boolean isAccepted() {
        return accepted;
    }

    /** Whether it refused the sender as such. */
    boolean isSenderRefused() {
        return sender != null && Verdicts.onSender(sender) == Verdicts.Verdict.DESTINATION && !sender.isPositive();
    }

    /**
     * Hands the message over and records what became of each recipient.
     *
     * @return whether the connection can carry another message
     * @throws StaleException if a connection that has carried messages turned out to be dead; nothing was recorded
     * @throws IOException if interrupted before the window
     */
    boolean run() throws IOException {
        for (DispatchRecipient recipient : dispatch.recipients()) {
            String obstacle = obstacle(recipient);
            if (obstacle == null) {
                asked.add(recipient);
            } else {
                dispatch.record(recipient, new Outcome.Refused(obstacle, null));
            }
        }
        if (asked.isEmpty()) {
            return true;
        }
        try {
            address();
        } catch (IOException e) {
            return brokeBeforeTheDot(e);
        }
        return afterAddressing();
    }

    /** Why this server cannot be given the message for this recipient unaltered, or null. */
    private @Nullable String obstacle(DispatchRecipient recipient) {
        Extensions server = session.extensions();
        long most = server.maxSize();
        if (most > 0 && mail.size() > most) {
            return "MESSAGE_TOO_LARGE: " + mail.size() + " octets, the server takes at most " + most;
        }
        if (mail.isEightBit() && !server.has("8BITMIME")) {
            return "NEEDS_8BITMIME: the message has 8-bit text and the server does not offer 8BITMIME";
        }
        EmailAddress address = EmailAddress.tryParse(recipient.address()).orElse(null);
        if (address == null) {
            return "BAD_RECIPIENT: the address cannot be written to";
        }
        boolean international = address.needsSmtpUtf8() || needsSmtpUtf8();
        return international && !server.has("SMTPUTF8")
                ? "NEEDS_SMTPUTF8: address or header is not ASCII and the server does not offer SMTPUTF8"
                : null;
    }

    private boolean needsSmtpUtf8() {
        return mail.hasEightBitHeader()
                || (envelope.sender() != null && envelope.sender().needsSmtpUtf8());
    }

    private void address() throws IOException {
        List<String> commands = commands();
        int last = commands.size() - 1;
        int flight = session.pipelines() ? FLIGHT : 1;
        for (int at = 0; at <= last; at += flight) {
            if (!isWorthwhile(at, last)) {
                return;
            }
            int end = Math.min(at + flight, commands.size());
            for (String command : commands.subList(at, end)) {
                session.queue(command);
            }
            session.flush();
            for (int i = at; i < end; i++) {
                heed(i, last, session.read());
            }
        }
    }

    private boolean isWorthwhile(int at, int last) {
        return at == 0 || (sender != null && sender.isPositive() && (at < last || !taken.isEmpty()));
    }

    private List<String> commands() {
        boolean international =
                needsSmtpUtf8() || asked.stream().anyMatch(r -> address(r).needsSmtpUtf8());
        List<String> commands = new ArrayList<>(asked.size() + 2);
        commands.add(envelope.mail(session, dispatch.messageId(), mail, international));
        for (DispatchRecipient recipient : asked) {
            commands.add(envelope.rcpt(session, address(recipient)));
        }
        commands.add("DATA");
        return commands;
    }

    private static EmailAddress address(DispatchRecipient recipient) {
        return EmailAddress.parse(recipient.address());
    }

    private void heed(int i, int last, Reply reply) throws IOException {
        if (i == 0) {
            heedSender(reply);
        } else if (i == last) {
            data = reply;
        } else if (sender == null || sender.isPositive()) {
            heedRecipient(asked.get(i - 1), reply);
        }
    }

    private void heedSender(Reply reply) throws IOException {
        if (reply.isClosing() && session.messages() > 0) {
            throw new StaleException(null);
        }
        answered = true;
        sender = reply;
        if (!reply.isPositive()) {
            settle(asked, "MAIL", reply, Verdicts.onSender(reply));
        }
        if (reply.isClosing()) {
            throw new SmtpFailure(SmtpFailure.Kind.BUSY, "SMTP_BUSY", "the server closes", reply, null);
        }
    }

    private void heedRecipient(DispatchRecipient recipient, Reply reply) throws IOException {
        if (reply.isPositive()) {
            taken.add(recipient);
            return;
        }
        settle(List.of(recipient), "RCPT", reply, Verdicts.onRecipient(reply));
        if (reply.isClosing()) {
            throw new SmtpFailure(SmtpFailure.Kind.BUSY, "SMTP_BUSY", "the server closes", reply, null);
        }
    }

    /** A break before the final dot: what has no reply of its own is deferred. */
    private boolean brokeBeforeTheDot(IOException broken) throws IOException {
        rethrowInterrupt(broken);
        if (!answered && session.messages() > 0) {
            throw broken instanceof StaleException stale ? stale : new StaleException(broken);
        }
        Reply reply = broken instanceof SmtpFailure failure ? failure.reply() : null;
        String why = "broke before the final dot: " + broken.getMessage();
        deferRest(why, reply);
        return false;
    }

    private static void rethrowInterrupt(IOException broken) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw broken;
        }
    }

    private boolean afterAddressing() throws IOException {
        if (taken.isEmpty()) {
            return (data != null && data.code() == 354) ? endEmpty() : session.reset();
        }
        Reply go = data;
        if (go == null || go.code() != 354) {
            return dataRefused(go);
        }
        return body();
    }

    /** A server may ask for the message though it took no recipient; an empty one ends that (RFC 2920 §3.1). */
    private boolean endEmpty() {
        try {
            session.command(".");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean dataRefused(@Nullable Reply reply) {
        if (reply == null || !(reply.isTemporary() || reply.isPermanent())) {
            deferRest("SMTP_BAD_REPLY: DATA was answered by neither 354 nor a refusal", reply);
            return false;
        }
        settle(taken, "DATA", reply, Verdicts.onMessage(reply));
        return !reply.isClosing() && session.reset();
    }

    private boolean body() throws IOException {
        boolean silent;
        try {
            silent = session.sendBody(mail);
        } catch (IOException e) {
            return spokeEarly(e);
        }
        if (!silent) {
            return spokeEarly(null);
        }
        dispatch.beginWindow();
        if (session.hasNews()) {
            return spokeEarly(null);
        }
        try {
            return finalDot();
        } finally {
            session.endVerdict();
        }
    }

    /** The server answered, or went, before the final dot: its words count, if there are any (RFC 5321 §3.8). */
    private boolean spokeEarly(@Nullable IOException broken) throws IOException {
        if (broken != null) {
            rethrowInterrupt(broken);
        }
        try {
            Reply reply = broken == null ? session.read() : session.readParting();
            if (reply.isTemporary() || reply.isPermanent()) {
                settle(taken, "the message before its end", reply, Verdicts.onMessage(reply));
            } else {
                deferRest("SMTP_BAD_REPLY: an unexpected reply before the final dot", reply);
            }
        } catch (IOException e) {
            rethrowInterrupt(e);
            deferRest("broke before the final dot: " + (broken == null ? e : broken).getMessage(), null);
        }
        return false;
    }

    private boolean finalDot() {
        try {
            session.sendFinalDot();
        } catch (Session.NotSentException e) {
            deferRest("broke before the final dot: " + e.getMessage(), null);
            return false;
        } catch (IOException e) {
            return doubt("broke while the final dot was sent: " + e.getMessage());
        }
        Reply reply;
        try {
            reply = session.readVerdict();
        } catch (IOException e) {
            return doubt("no complete answer to the final dot: " + e.getMessage());
        }
        return verdict(reply);
    }

    private boolean doubt(String why) {
        taken.forEach(recipient -> dispatch.record(recipient, new Outcome.Unconfirmed(why)));
        return false;
    }

    private boolean verdict(Reply reply) {
        if (reply.isPositive()) {
            accepted = true;
            session.countMessage();
            Outcome yes = new Outcome.Accepted(evidence(reply));
            taken.forEach(recipient -> dispatch.record(recipient, yes));
            return true;
        }
        if (!reply.isTemporary() && !reply.isPermanent()) {
            return doubt("the final dot was answered by " + reply.code() + ", which is neither yes nor no");
        }
        settle(taken, "the message", reply, Verdicts.onMessage(reply));
        return !reply.isClosing();
    }

    private void settle(List<DispatchRecipient> whom, String what, Reply reply, Verdicts.Verdict verdict) {
        String reason = what + " refused: " + reply;
        Evidence words = evidence(reply);
        Outcome outcome = switch (verdict) {
            case PERMANENT -> new Outcome.Refused(reason, words);
            case TEMPORARY -> new Outcome.Deferred(reason, words, null);
            case DESTINATION ->
                new Outcome.Deferred(
                        reason + ", which concerns our own host, sender or login", words, CONFIGURATION_WAIT);
        };
        whom.forEach(recipient -> dispatch.record(recipient, outcome));
    }

    private void deferRest(String why, @Nullable Reply reply) {
        Outcome outcome = new Outcome.Deferred(why, reply == null ? null : evidence(reply), null);
        dispatch.recipients().forEach(recipient -> dispatch.record(recipient, outcome));
    }

    private Evidence evidence(Reply reply) {
        Settings settings = session.settings();
        return new Evidence(
                settings.target().host(),
                reply.words(),
                reply.isPositive() ? QueueId.in(reply) : null,
                settings.clock().instant());
    }
}
