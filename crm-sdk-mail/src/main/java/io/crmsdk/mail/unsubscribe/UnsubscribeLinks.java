package io.crmsdk.mail.unsubscribe;

import io.crmsdk.consent.ConsentException;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
import io.crmsdk.consent.SubjectKey;
import io.crmsdk.mail.MailException;
import io.crmsdk.mail.Unsubscribe;
import io.crmsdk.model.EmailAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes each recipient's own unsubscribe link, and reads it back.
 *
 * <p>A link says who leaves what, encrypted and signed: nobody can read an address out of it, make one for somebody else, or
 * use one of another brand. It never expires: laws want links to work for months, and a person who finds an old mail means
 * what they click. The same person and topic always have the same link.
 *
 * <p>Secrets are changed by adding a new key in front; the old ones stay for as long as mails with their links lie in
 * mailboxes. Immutable and thread-safe; {@code toString} shows no secret.
 */
public final class UnsubscribeLinks {
    private static final int MAX_SUBJECT = 1_100;
    private static final Pattern IN_SUBJECT =
            Pattern.compile("(?i:unsubscribe)\\s+(1\\.[A-Za-z0-9_-]{1,16}\\.[A-Za-z0-9_-]{1,800})\\s*$");

    private final URI base;
    private final @Nullable URI preferences;
    private final TokenKeys leaving;
    private final TokenKeys choosing;
    private final TokenKeys confirming;
    private final @Nullable EmailAddress mailto;

    private UnsubscribeLinks(Builder builder) {
        base = builder.base;
        preferences = builder.preferences;
        leaving = new TokenKeys(TokenKeys.Kind.LEAVE, builder.secrets, builder.brand);
        choosing = new TokenKeys(TokenKeys.Kind.PREFERENCES, builder.secrets, builder.brand);
        confirming = new TokenKeys(TokenKeys.Kind.CONFIRM, builder.secrets, builder.brand);
        mailto = builder.mailto;
    }

    /**
     * Starts from the address under which the endpoint can be reached, for example {@code https://shop.example/unsubscribe}.
     *
     * @throws MailException {@code UNSAFE_URL} unless it is an absolute https address without query, fragment and user
     */
    public static Builder builder(URI base) {
        return new Builder(base);
    }

    /** This recipient's own link. */
    public URI link(EmailAddress recipient, Scope scope) {
        return URI.create(base + "/" + token(recipient, scope));
    }

    /** This recipient's own way to leave, for the headers of a mail. */
    public Unsubscribe unsubscribe(EmailAddress recipient, Scope scope) {
        String token = token(recipient, scope);
        return new Unsubscribe(URI.create(base + "/" + token), mailto, mailto == null ? null : "unsubscribe " + token);
    }

    private String token(EmailAddress recipient, Scope scope) {
        return leaving.seal(scope + "\n" + recipient.canonical());
    }

    /**
     * This recipient's own way to the preference page, for the body of a mail.
     *
     * @param scope what the mail is about, which the page lists even if it has no name
     * @throws MailException {@code CONFIG} unless {@link Builder#preferences} said where that page is
     */
    public URI preferences(EmailAddress recipient, Scope scope) {
        return preferences(new PreferenceTicket(recipient, scope, null));
    }

    /**
     * As {@link #preferences(EmailAddress, Scope)}, for a known customer: who leaves everything there leaves it with all
     * addresses of theirs.
     */
    public URI preferences(EmailAddress recipient, Scope scope, SubjectKey person) {
        return preferences(new PreferenceTicket(recipient, scope, Objects.requireNonNull(person, "person")));
    }

    URI preferences(PreferenceTicket ticket) {
        return URI.create(preferencePage() + "/" + choosing.seal(ticket.text()));
    }

    /** The link of a mail that asks for a confirmation. */
    URI confirmation(PreferenceTicket ticket, String challenge) {
        return URI.create(preferencePage() + "/" + confirming.seal(challenge + "\n" + ticket.text()));
    }

    URI preferencePage() {
        if (preferences == null) {
            throw new MailException(
                    "CONFIG", "unsubscribe links: no preference page; call preferences(URI) when building them", null);
        }
        return preferences;
    }

    /** What a link to the preference page says, or null if it is none. */
    @Nullable
    PreferenceTicket readPreferences(String token) {
        String text = choosing.open(token);
        return text == null ? null : PreferenceTicket.parse(text);
    }

    /** What a confirmation's link says, or null if it is none. */
    @Nullable
    ConfirmationTicket readConfirmation(String token) {
        String text = confirming.open(token);
        if (text == null) {
            return null;
        }
        int cut = text.indexOf('\n');
        PreferenceTicket ticket = cut < 0 ? null : PreferenceTicket.parse(text.substring(cut + 1));
        return ticket == null ? null : new ConfirmationTicket(text.substring(0, cut), ticket);
    }

    /** What a token says; empty if it is not, to the last bit, one that these links made. */
    public Optional<UnsubscribeTicket> read(String token) {
        String text = leaving.open(token);
        return text == null ? Optional.empty() : ticket(text);
    }

    /** What a mail to the unsubscribe address says by its subject; empty if that holds no token of these links. */
    public Optional<UnsubscribeTicket> readSubject(String subject) {
        if (subject.length() > MAX_SUBJECT) {
            return Optional.empty();
        }
        Matcher matcher = IN_SUBJECT.matcher(subject);
        return matcher.find() ? read(matcher.group(1)) : Optional.empty();
    }

    private static Optional<UnsubscribeTicket> ticket(String text) {
        int cut = text.indexOf('\n');
        if (cut < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new UnsubscribeTicket(ContactKey.email(text.substring(cut + 1)), Scope.of(text.substring(0, cut))));
        } catch (ConsentException e) {
            // Signed by us, but under rules that have changed since: as good as unreadable.
            return Optional.empty();
        }
    }

    /** The path under which the endpoint is to be mounted. */
    String path() {
        return base.getRawPath();
    }

    @Override
    public String toString() {
        return "UnsubscribeLinks[" + base + ", " + leaving + "]";
    }

    /** Collects {@link UnsubscribeLinks}; not thread-safe. */
    public static final class Builder {
        private final URI base;
        private final Map<String, byte[]> secrets = new LinkedHashMap<>();
        private String brand = "";
        private @Nullable URI preferences;
        private @Nullable EmailAddress mailto;

        private Builder(URI base) {
            this.base = page(base);
        }

        private static URI page(URI base) {
            String text = base.toString();
            boolean plain = base.getRawQuery() == null && base.getRawFragment() == null && text.length() <= 200;
            if (!plain) {
                throw new MailException("UNSAFE_URL", "unsubscribe address: expected no query and no fragment", null);
            }
            URI bare = text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : base;
            // The rules of the header hold for the address too.
            Unsubscribe.by(bare);
            return bare;
        }

        /**
         * Says where the {@link PreferenceEndpoint} can be reached, for links to it.
         *
         * @throws MailException {@code UNSAFE_URL} as {@link UnsubscribeLinks#builder}
         */
        public Builder preferences(URI base) {
            this.preferences = page(base);
            return this;
        }

        /**
         * Adds a secret; the first one given makes new links, all of them are read.
         *
         * @param id names it in the links: 1 to 16 letters, digits, _ or -
         * @param secret at least 32 random bytes, copied
         */
        public Builder key(String id, byte[] secret) {
            if (secrets.putIfAbsent(id, secret.clone()) != null) {
                throw new MailException("CONFIG", "unsubscribe key " + id + ": given twice", null);
            }
            return this;
        }

        /** Binds the links to one brand or tenant: with the same secret, those of another are not read. */
        public Builder brand(String brand) {
            this.brand = Objects.requireNonNull(brand, "brand");
            return this;
        }

        /** Offers leaving by mail too; whoever reads that mailbox calls {@link #readSubject}. */
        public Builder mailto(EmailAddress address) {
            this.mailto = Objects.requireNonNull(address, "address");
            return this;
        }

        /**
         * The links.
         *
         * @throws MailException {@code CONFIG} without a key, or with one that is too short
         */
        public UnsubscribeLinks build() {
            if (secrets.isEmpty()) {
                throw new MailException("CONFIG", "unsubscribe links: no key; call key(id, secret)", null);
            }
            return new UnsubscribeLinks(this);
        }
    }
}
