package io.crmsdk.consent;

import io.crmsdk.Redaction;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.ModelException;
import io.crmsdk.model.PhoneNumber;
import java.text.Normalizer;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A way to reach somebody, in the one form in which it is compared: consent hangs on these, not on customer records.
 *
 * <p>Case, width, IDN form and blanks around an address do not matter (an idempotent canonical form). Immutable; equality
 * by value; {@link #toString()} is masked.
 */
public final class ContactKey implements ConsentKey, Comparable<ContactKey> {
    private static final String EMAIL = "email";
    private static final String PHONE = "phone";
    private static final int MAX_ADDRESS = 320;
    private static final Pattern CHANNEL = Pattern.compile("[a-z][a-z0-9-]{0,38}");
    private static final Set<String> GMAIL = Set.of("gmail.com", "googlemail.com");

    private final String channel;
    private final String address;

    private ContactKey(String channel, String address) {
        this.channel = channel;
        this.address = address;
    }

    /** The key of an e-mail address. */
    public static ContactKey email(EmailAddress address) {
        return new ContactKey(EMAIL, address.canonical());
    }

    /**
     * The key of an e-mail address as somebody wrote it: blanks around it and full-width forms do not matter.
     *
     * @throws ConsentException {@code INVALID_KEY} if it is no address that mail could be sent to
     */
    public static ContactKey email(String text) {
        try {
            return email(EmailAddress.parse(plain(text)));
        } catch (ModelException e) {
            throw new ConsentException("INVALID_KEY", "contact key: not an e-mail address (" + e.code() + ")", e);
        }
    }

    private static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .replace('\u3002', '.')
                .strip();
    }

    /**
     * The key of a phone number; an extension does not matter.
     *
     * @throws ConsentException {@code INVALID_KEY} if the number has no international form
     */
    public static ContactKey phone(PhoneNumber number) {
        String e164 = number.e164();
        if (e164 == null) {
            throw new ConsentException("INVALID_KEY", "contact key: the phone number could not be read");
        }
        return new ContactKey(PHONE, e164);
    }

    /**
     * The key of a phone number as somebody wrote it.
     *
     * @param region ISO 3166-1 alpha-2 of the country whose numbers may be written without country code
     * @throws ConsentException {@code INVALID_KEY} if it is no phone number
     */
    public static ContactKey phone(String text, String region) {
        try {
            return phone(PhoneNumber.parse(text, region));
        } catch (ModelException e) {
            throw new ConsentException("INVALID_KEY", "contact key: not a phone number (" + e.code() + ")", e);
        }
    }

    /**
     * The key of an address in a channel that is neither e-mail nor phone, for example a messenger's user id. Such ids are
     * compared exactly, save for blanks around them and widths.
     *
     * @param channel lower-case letters, digits and hyphens, at most 39; not {@code email} or {@code phone}
     * @throws ConsentException {@code INVALID_KEY} if the channel or the address is not of that form
     */
    public static ContactKey of(String channel, String address) {
        if (!CHANNEL.matcher(channel).matches() || channel.equals(EMAIL) || channel.equals(PHONE)) {
            throw new ConsentException("INVALID_KEY", "contact key: not a channel of the host's own");
        }
        String bare = plain(address);
        if (bare.isEmpty() || bare.length() > MAX_ADDRESS || bare.chars().anyMatch(Character::isISOControl)) {
            throw new ConsentException("INVALID_KEY", "contact key: the address is empty, too long or has controls");
        }
        return new ContactKey(channel, bare);
    }

    /**
     * The key of an address whose form says what it is: e-mail with an {@code @}, a phone number in international form with
     * a {@code +}.
     *
     * @throws ConsentException {@code INVALID_KEY} if it is neither
     */
    public static ContactKey parse(String text) {
        String bare = plain(text);
        return bare.startsWith("+") && bare.indexOf('@') < 0 ? phone(bare, "ZZ") : email(bare);
    }

    /** {@code email}, {@code phone}, or the host's own word. */
    public String channel() {
        return channel;
    }

    /** The canonical address: for matching, never for sending. */
    public String address() {
        return address;
    }

    /**
     * The key that stands for all addresses that one mailbox is widely taken to have: without a {@code +} tag, and for Gmail
     * without dots. Used to widen suppression only, never a permission. For other channels the key itself.
     */
    public ContactKey family() {
        if (!channel.equals(EMAIL)) {
            return this;
        }
        int at = address.lastIndexOf('@');
        String domain = address.substring(at + 1);
        String local = address.substring(0, at);
        int tag = local.indexOf('+');
        String bare = tag > 0 ? local.substring(0, tag) : local;
        if (GMAIL.contains(domain)) {
            bare = bare.replace(".", "");
            domain = "gmail.com";
        }
        String family = bare + "@" + domain;
        return family.equals(address) || bare.isEmpty() ? this : new ContactKey(EMAIL, family);
    }

    @Override
    public int compareTo(ContactKey other) {
        int order = channel.compareTo(other.channel);
        return order != 0 ? order : address.compareTo(other.address);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContactKey that && address.equals(that.address) && channel.equals(that.channel);
    }

    @Override
    public int hashCode() {
        return Objects.hash(channel, address);
    }

    /** Masked, for example {@code email:l***@example.com}. */
    @Override
    public String toString() {
        return channel + ":"
                + switch (channel) {
                    case EMAIL -> Redaction.email(address);
                    case PHONE -> Redaction.phone(address);
                    default -> Redaction.text(address);
                };
    }
}
