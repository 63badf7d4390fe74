package io.crmsdk.mail.unsubscribe;

import io.crmsdk.consent.Challenge;
import io.crmsdk.consent.ChallengeRequest;
import io.crmsdk.consent.ConsentException;
import io.crmsdk.consent.ConsentIssuer;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.mail.Email;
import io.crmsdk.mail.Mailbox;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.time.UtcClock;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a person by mail to confirm a subscription: a challenge of the ledger, in a transactional message of the outbox.
 *
 * <p>What is asked for again within the same hour, with nothing said in between, is asked by the one mail; no address gets
 * more than {@value #MOST} in an hour, whoever presses the button. Thread-safe.
 */
final class OptInMail {
    /** Of one address in one hour: topics asked for one after the other, or left and asked for again. */
    static final int MOST = 5;

    private static final Logger LOG = LoggerFactory.getLogger(OptInMail.class);

    private final ConsentLedger ledger;
    private final ConsentIssuer issuer;
    private final Outbox outbox;
    private final UnsubscribeLinks links;
    private final PageDesign design;
    private final Mailbox from;
    private final @Nullable EmailAddress envelopeFrom;
    private final UtcClock clock;

    OptInMail(
            ConsentLedger ledger,
            ConsentIssuer issuer,
            Outbox outbox,
            UnsubscribeLinks links,
            PageDesign design,
            Mailbox from,
            @Nullable EmailAddress envelopeFrom,
            UtcClock clock) {
        this.ledger = ledger;
        this.issuer = issuer;
        this.outbox = outbox;
        this.links = links;
        this.design = design;
        this.from = from;
        this.envelopeFrom = envelopeFrom;
        this.clock = clock;
    }

    /**
     * Asks. Whether a mail goes out is nobody's business but the mailbox owner's: a block that no answer can clear, and an
     * address that was asked often enough, look the same from outside.
     *
     * @return false if it could not be done now, and asking again makes sense
     * @throws io.crmsdk.CrmException if the ledger does not answer
     */
    boolean ask(PreferenceTicket ticket, Language spoken) {
        Challenge challenge;
        try {
            challenge = issuer.challenge(ChallengeRequest.doubleOptIn(ticket.key(), ticket.scope()));
        } catch (ConsentException e) {
            if (!e.code().equals("CHALLENGE_IN_VAIN")) {
                throw e;
            }
            LOG.info("a subscription was asked for that no answer could bring about ({}); no mail was sent", e.code());
            return true;
        }
        return enqueue(ticket, challenge, email(ticket, challenge, spoken));
    }

    private boolean enqueue(PreferenceTicket ticket, Challenge challenge, Email email) {
        // The same opt-outs known and the same scope: the mail that is on its way asks the same.
        String meaning = challenge.scope() + "\n" + String.join("\n", new TreeSet<>(challenge.frontier()));
        Instant hour = clock.instant().truncatedTo(ChronoUnit.HOURS);
        String person = ledger.hashed(ticket.key()).text();
        for (int slot = 0; slot < MOST; slot++) {
            String key = "opt-in:" + person + ":" + hour.getEpochSecond() + ":" + slot;
            Message message = email.prepare(key).fingerprint(meaning).build();
            EnqueueAnswer answer = outbox.enqueue(message);
            if (!isTaken(answer)) {
                return isSettled(answer);
            }
        }
        LOG.info("an address asked for more than {} confirmations within an hour; no further mail was sent", MOST);
        return true;
    }

    /** The key stands for another question of this hour. */
    private static boolean isTaken(EnqueueAnswer answer) {
        return answer instanceof EnqueueAnswer.Reject reject
                && reject.code().equals(EnqueueAnswer.Reject.IDEMPOTENCY_CONFLICT);
    }

    private static boolean isSettled(EnqueueAnswer answer) {
        if (answer instanceof EnqueueAnswer.Reject reject) {
            boolean again = reject.code().equals(EnqueueAnswer.Reject.STORE_FAILED);
            LOG.warn("a confirmation mail was not taken: {} {}", reject.code(), reject.message());
            return !again;
        }
        return answer instanceof EnqueueAnswer.Ack;
    }

    private Email email(PreferenceTicket ticket, Challenge challenge, Language spoken) {
        URI link = links.confirmation(ticket, challenge.token());
        Email.Builder email = Email.builder()
                .from(from)
                .to(new Mailbox(ticket.address(), null))
                .subject(words(PageText.MAIL_SUBJECT, ticket, link, spoken))
                .text(words(PageText.MAIL_TEXT, ticket, link, spoken))
                .language(spoken.locale())
                .clock(clock)
                // So that no automatic reply and no list takes it for more than it is (RFC 3834 §5).
                .header("Auto-Submitted", "auto-generated");
        return envelopeFrom == null
                ? email.build()
                : email.envelopeFrom(envelopeFrom).build();
    }

    private String words(PageText text, PreferenceTicket ticket, URI link, Language spoken) {
        return design.text(text, spoken)
                .replace("{topic}", design.topic(ticket.scope(), spoken))
                .replace("{brand}", design.brand())
                .replace("{link}", link.toString());
    }
}
