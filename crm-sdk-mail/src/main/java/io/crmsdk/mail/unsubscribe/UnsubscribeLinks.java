package io.crmsdk.mail.unsubscribe;

import io.crmsdk.consent.ConsentException;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
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
    private static final String VERSION = "1";
    private static final int MAX_TOKEN = 900;
    private static final Pattern TOKEN = Pattern.compile("1\\.([A-Za-z0-9_-]{1,16})\\.([A-Za-z0-9_-]{1,800})");
    private static final Pattern IN_SUBJECT =
            Pattern.compile("(?i:unsubscribe)\\s+(1\\.[A-Za-z0-9_-]{1,16}\\.[A-Za-z0-9_-]{1,800})\\s*$");

    private final URI base;
    private final TokenKey current;
    private final Map<String, TokenKey> keys;
    private final @Nullable EmailAddress mailto;

    private UnsubscribeLinks(Builder builder) {
        base = builder.base;
        Map<String, TokenKey> made = new LinkedHashMap<>();
        builder.secrets.forEach((id, secret) -> made.put(id, new TokenKey(id, secret, builder.brand)));
        keys = Map.copyOf(made);
        current = made.values().iterator().next();
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
        return VERSION + "." + current.id() + "." + current.seal(scope + "\n" + recipient.canonical());
    }

    /** What a token says; empty if it is not, to the last bit, one that these links made. */
    public Optional<UnsubscribeTicket> read(String token) {
        if (token.length() > MAX_TOKEN) {
            return Optional.empty();
        }
        Matcher matcher = TOKEN.matcher(token);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        TokenKey key = keys.get(matcher.group(1));
        String text = key == null ? null : key.open(matcher.group(2));
        return text == null ? Optional.empty() : ticket(text);
    }

    /** What a mail to the unsubscribe address says by its subject; empty if that holds no token of these links. */
    public Optional<UnsubscribeTicket> readSubject(String subject) {
        if (subject.length() > MAX_TOKEN + 200) {
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
        return "UnsubscribeLinks[" + base + ", keys " + keys.keySet() + "]";
    }

    /** Collects {@link UnsubscribeLinks}; not thread-safe. */
    public static final class Builder {
        private final URI base;
        private final Map<String, byte[]> secrets = new LinkedHashMap<>();
        private String brand = "";
        private @Nullable EmailAddress mailto;

        private Builder(URI base) {
            String text = base.toString();
            this.base = text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : base;
            boolean plain = base.getRawQuery() == null && base.getRawFragment() == null && text.length() <= 200;
            if (!plain) {
                throw new MailException("UNSAFE_URL", "unsubscribe address: expected no query and no fragment", null);
            }
            // The rules of the header hold for the address too.
            Unsubscribe.by(this.base);
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
