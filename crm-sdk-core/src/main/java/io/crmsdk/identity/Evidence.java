package io.crmsdk.identity;

import io.crmsdk.model.Customer;
import io.crmsdk.model.CustomerEmail;
import io.crmsdk.model.CustomerKind;
import io.crmsdk.model.CustomerPhone;
import io.crmsdk.model.ExternalId;
import io.crmsdk.model.Organization;
import io.crmsdk.model.PartialDate;
import io.crmsdk.model.Person;
import io.crmsdk.model.PhoneFeature;
import io.crmsdk.model.PhoneNumber;
import io.crmsdk.model.PostalAddress;
import io.crmsdk.model.TaxId;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one record offers for telling who it is: folded names, and hashes of everything else. Small (about 150 bytes),
 * immutable, serialisable; holds no contact point in readable form. Not needed by hosts that use the registry.
 */
public final class Evidence implements Serializable {
    private static final long serialVersionUID = 1L;

    /** What kind of value a key stands for; the low four bits of the key. */
    enum Key {
        EXTERNAL_ID(0, "external id"),
        EMAIL(1, "e-mail"),
        UNTAGGED_EMAIL(2, "mailbox but for its tag"),
        PHONE(3, "phone"),
        NATIONAL_ID(4, "identity number"),
        TAX_ID(5, "tax id");

        private static final Key[] ALL = values();

        /** Stored within keys: never to be changed. */
        private final int number;

        private final String words;

        Key(int number, String words) {
            this.number = number;
            this.words = words;
        }

        /** One bit a kind. */
        int bit() {
            return 1 << number;
        }

        int number() {
            return number;
        }

        String words() {
            return words;
        }

        long of(String value) {
            return Hash.of(value) & ~15L | number;
        }

        static Key of(long key) {
            return ALL[(int) (key & 15)];
        }
    }

    final boolean organization;
    /** Folded; alternatives joined by a bar; empty if there is none. */
    final String name;
    /** Folded name of the organization, or of the person's employer; empty if there is none. */
    final String company;
    /** Of the organization, or of the employer; 0 if there is none. */
    final long taxId;
    /** Sorted; no tax id among them. */
    final long[] keys;
    /** One bit a key: confirmed and one person's. */
    final int strong;
    /** yyyymmdd with zeros for what is not known; 0 if nothing is. */
    final int birth;

    /** Of the part before the @ of a personal mailbox. */
    final int mailbox;

    /** Of the digits of the identity number in ascending order: the same for two digits swapped or another way to name the country. */
    final int idDigits;

    final int street;
    final int city;
    final int postcode;

    private Evidence(Builder from) {
        organization = from.organization;
        name = from.name();
        company = from.company;
        taxId = from.taxId;
        long[][] sorted = from.keys.stream().distinct().map(k -> new long[] {k}).toArray(long[][]::new);
        Arrays.sort(sorted, (x, y) -> Long.compare(x[0], y[0]));
        int size = Math.min(sorted.length, 32);
        keys = new long[size];
        int mask = 0;
        for (int i = 0; i < size; i++) {
            keys[i] = sorted[i][0];
            mask |= from.strong.contains(keys[i]) ? 1 << i : 0;
        }
        strong = mask;
        birth = from.birth;
        mailbox = from.mailbox;
        idDigits = from.idDigits;
        street = from.street;
        city = from.city;
        postcode = from.postcode != 0 ? from.postcode : from.postcodeInStreet;
    }

    /** Of a record that holds nothing any more. */
    static Evidence nothing() {
        return new Builder(false).build();
    }

    /** Whether nothing could keep the two apart: whatever does is the same in both. Spares a comparison. */
    boolean saysTheSameOfItsBearer(Evidence other) {
        return organization == other.organization
                && birth == other.birth
                && taxId == other.taxId
                && name.equals(other.name)
                && company.equals(other.company);
    }

    boolean isStrong(int index) {
        return (strong & 1 << index) != 0;
    }

    /** Nothing to start with. */
    public static Builder builder(CustomerKind kind) {
        return new Builder(kind == CustomerKind.ORGANIZATION);
    }

    /**
     * The evidence of a canonical record. A mobile number is one person's; a confirmed address is one that has a
     * {@code verifiedAt}.
     */
    public static Evidence of(Customer customer) {
        Builder to = builder(customer.kind());
        String country = country(customer);
        names(customer, to);
        Organization organization = customer.organization();
        if (organization != null) {
            to.company(organization.legalName() != null ? organization.legalName() : organization.shortName());
            TaxId registered = organization.registrationNumber();
            to.taxId(registered == null ? null : registered.value());
            organization.taxIds().forEach(taxId -> to.taxId(taxId.value()));
        }
        for (ExternalId id : customer.externalIds()) {
            to.externalId(id.system() + "\n" + id.instance() + "\n" + id.objectType(), id.value());
        }
        for (CustomerEmail email : customer.emails()) {
            to.email(email.address().canonical(), email.verifiedAt() != null);
        }
        for (CustomerPhone phone : customer.phones()) {
            to.phone(phone.e164() == null ? phone.raw() : phone.e164(), isPersonal(phone), country);
        }
        PartialDate birthday = customer.birthday();
        if (birthday != null) {
            to.birth(number(birthday.year()) * 10_000 + number(birthday.month()) * 100 + number(birthday.day()));
        }
        if (!customer.addresses().isEmpty()) {
            PostalAddress address = customer.addresses().get(0);
            to.street(address.street() != null ? address.street() : String.join(" ", address.lines()))
                    .city(address.locality())
                    .postcode(address.postalCode());
        }
        return to.build();
    }

    private static void names(Customer customer, Builder to) {
        if (customer.kind() == CustomerKind.ORGANIZATION) {
            to.company(customer.displayName());
            return;
        }
        Person person = customer.person();
        String parts = person == null ? null : parts(person);
        to.name(customer.displayName() != null && parts == null ? customer.displayName() : parts);
    }

    /** Null if there is neither a given name nor a surname; a Chinese name begins with the surname. */
    private static @Nullable String parts(Person person) {
        String family = text(person.family());
        String given = text(person.given());
        if (family.isEmpty() && given.isEmpty()) {
            return null;
        }
        return PersonName.isHan(family + given)
                ? family + given
                : given + " " + text(person.middle()) + " " + family + " " + text(person.suffix());
    }

    private static String text(@Nullable String part) {
        return part == null ? "" : part;
    }

    private static int number(@Nullable Integer part) {
        return part == null ? 0 : part;
    }

    private static @Nullable String country(Customer customer) {
        for (PostalAddress address : customer.addresses()) {
            if (address.country() != null) {
                return address.country();
            }
        }
        return null;
    }

    private static boolean isPersonal(CustomerPhone phone) {
        return phone.number().valid()
                && phone.extension() == null
                && (phone.features().contains(PhoneFeature.MOBILE)
                        || phone.number().kind() == PhoneNumber.Kind.MOBILE);
    }

    /** Which keys are there, never their values. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(organization ? "Evidence[organization" : "Evidence[person");
        for (int i = 0; i < keys.length; i++) {
            out.append(isStrong(i) ? ", confirmed " : ", ")
                    .append(Key.of(keys[i]).words());
        }
        return out.append(taxId == 0 ? "]" : ", tax id]").toString();
    }

    /** Collects the values of a record as they were written; what cannot be used is passed over. Not thread-safe. */
    public static final class Builder {
        private static final Pattern DIGITS = Pattern.compile("[0-9]{8}");
        private static final Pattern ISO = Pattern.compile("([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ].*)?");
        private static final Pattern SLASHED = Pattern.compile("([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{2}|[0-9]{4})");
        private static final Pattern WORDED =
                Pattern.compile("([0-9]{1,2})[- ]([A-Za-z]{3})[A-Za-z]*[- ]([0-9]{2}|[0-9]{4})");
        private static final Pattern NUMBERED = Pattern.compile("\\s*(?:#|No\\.? ?)?[0-9]+[A-Za-z]?[ -]+\\p{L}.*");
        private static final Pattern POSTCODE = Pattern.compile("(?<![\\p{L}\\p{N}-])[0-9]{4,6}(?![\\p{L}\\p{N}-])");
        private static final List<String> MONTHS =
                List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

        private final boolean organization;
        private final List<String> names = new ArrayList<>(1);
        private String company = "";
        private long taxId;
        private final List<Long> keys = new ArrayList<>(4);
        private final List<Long> strong = new ArrayList<>(4);
        private int birth;
        private int mailbox;
        private int idDigits;
        private int street;
        private int city;
        private int postcode;
        private int postcodeInStreet;

        private Builder(boolean organization) {
            this.organization = organization;
        }

        /** A personal name as one text; a second one is an alternative. Null and placeholders are passed over. */
        public Builder name(@Nullable String name) {
            String folded = name == null ? "" : PersonName.fold(name);
            if (!folded.isEmpty() && !names.contains(folded)) {
                names.add(folded);
            }
            return this;
        }

        private String name() {
            return names.isEmpty() ? "" : names.size() == 1 ? names.get(0) : String.join("|", names);
        }

        /** The organization's name, or that of the person's employer; the first one that is no placeholder stays. */
        public Builder company(@Nullable String name) {
            if (name != null && company.isEmpty()) {
                company = OrganizationName.key(name);
            }
            return this;
        }

        /** The tax id or credit code of the company; the first one that is no placeholder stays. */
        public Builder taxId(@Nullable String value) {
            if (value != null && taxId == 0) {
                String plain = letters(value);
                taxId = isPlaceholder(plain) ? 0 : Key.TAX_ID.of(plain);
            }
            return this;
        }

        private static String letters(String value) {
            StringBuilder out = new StringBuilder(value.length());
            String upper = java.text.Normalizer.normalize(value, java.text.Normalizer.Form.NFKC)
                    .toUpperCase(Locale.ROOT);
            upper.codePoints().filter(Character::isLetterOrDigit).forEach(out::appendCodePoint);
            return out.toString();
        }

        /** Too short, no digit, one digit throughout, or counting up or down. */
        private static boolean isPlaceholder(String value) {
            String digits = value.replaceAll("[^0-9]", "");
            return digits.length() < 5
                    || digits.length() > 4 && digits.chars().distinct().count() == 1
                    || "01234567890123456789".contains(digits)
                    || "98765432109876543210".contains(digits);
        }

        /** The id of the record in its system; equal only within that system, exactly as it is spelled. */
        public Builder externalId(String system, @Nullable String value) {
            if (value != null && !value.isBlank()) {
                add(Key.EXTERNAL_ID.of(system + "\n" + value.strip()), true);
            }
            return this;
        }

        /** An e-mail address and whether its holder confirmed it. */
        public Builder email(@Nullable String text, boolean verified) {
            Mailbox mailbox = text == null ? null : Mailbox.of(text);
            if (mailbox == null || mailbox.isPlaceholder()) {
                return this;
            }
            boolean personal = mailbox.isPersonal() && !organization;
            if (personal) {
                add(Key.EMAIL.of(mailbox.canonical()), verified);
                this.mailbox =
                        this.mailbox != 0 || mailbox.local().length() < 4 ? this.mailbox : Hash.small(mailbox.local());
                String untagged = mailbox.untagged();
                if (!untagged.equals(mailbox.canonical())) {
                    add(Key.UNTAGGED_EMAIL.of(untagged), false);
                }
            }
            return this;
        }

        /**
         * A phone number.
         *
         * @param text as written
         * @param personal whether it is confirmed, or a mobile number
         * @param country ISO 3166-1 alpha-2 of a number without country code; null if not known
         */
        public Builder phone(@Nullable String text, boolean personal, @Nullable String country) {
            String digits = text == null ? null : PhoneDigits.of(text, country);
            if (digits != null) {
                add(Key.PHONE.of(digits), personal && !organization);
            }
            return this;
        }

        /** The number of a person's passport, licence or identity card, with what kind it is if that is known. */
        public Builder nationalId(@Nullable String value) {
            String plain = value == null ? "" : letters(value);
            if (!isPlaceholder(plain)) {
                add(Key.NATIONAL_ID.of(plain), !organization);
                idDigits = idDigits != 0 ? idDigits : digits(plain);
            }
            return this;
        }

        /** 0 where the digits are too few to tell people apart. */
        private static int digits(String plain) {
            int[] digits =
                    plain.chars().filter(c -> c >= '0' && c <= '9').sorted().toArray();
            return digits.length < 6 ? 0 : Hash.small(new String(digits, 0, digits.length));
        }

        private void add(long key, boolean isStrong) {
            keys.add(key);
            if (isStrong) {
                strong.add(key);
            }
        }

        /** A date of birth as written: {@code 1992-03-15}, {@code 19920315}, {@code 3/15/92} or {@code 15-Mar-92}. */
        public Builder birthDate(@Nullable String text) {
            return birth(text == null ? 0 : date(text.strip()));
        }

        private Builder birth(int yyyymmdd) {
            if (birth == 0) {
                birth = yyyymmdd;
            }
            return this;
        }

        private static int date(String text) {
            Matcher iso = ISO.matcher(text);
            if (iso.matches()) {
                return date(iso.group(1), iso.group(2), iso.group(3));
            }
            if (DIGITS.matcher(text).matches()) {
                return date(text.substring(0, 4), text.substring(4, 6), text.substring(6));
            }
            Matcher slashed = SLASHED.matcher(text);
            if (slashed.matches()) {
                return date(slashed.group(3), slashed.group(1), slashed.group(2));
            }
            Matcher worded = WORDED.matcher(text);
            if (worded.matches()) {
                int month = MONTHS.indexOf(worded.group(2).toLowerCase(Locale.ROOT)) + 1;
                return date(worded.group(3), String.valueOf(month), worded.group(1));
            }
            return 0;
        }

        /** Errors of typing are kept: the thirteenth month is still the same in two records. */
        private static int date(String year, String month, String day) {
            return Integer.parseInt(year) * 10_000 + Integer.parseInt(month) * 100 + Integer.parseInt(day);
        }

        /**
         * Street and number. Of an address in one text, with commas, the part that begins with a number, or the first one; a part
         * or word of four to six digits behind it is the postal code, unless one is stated.
         */
        public Builder street(@Nullable String text) {
            if (text == null || text.indexOf(',') < 0) {
                street = street != 0 ? street : small(text);
                return this;
            }
            String[] parts = text.split(",", -1);
            int at = 0;
            for (int i = parts.length - 1; i >= 0; i--) {
                at = NUMBERED.matcher(parts[i]).matches() ? i : at;
            }
            street = street != 0 ? street : small(parts[at]);
            for (int i = at + 1; i < parts.length; i++) {
                Matcher code = POSTCODE.matcher(parts[i]);
                if (code.find()) {
                    postcodeInStreet = small(code.group());
                }
            }
            return this;
        }

        /** City or suburb. */
        public Builder city(@Nullable String text) {
            city = city != 0 ? city : small(text);
            return this;
        }

        /** Postal code. */
        public Builder postcode(@Nullable String text) {
            postcode = postcode != 0 ? postcode : small(text);
            return this;
        }

        private static int small(@Nullable String text) {
            String plain = text == null ? "" : PersonName.plain(text).replace(" ", "");
            return plain.isEmpty() ? 0 : Hash.small(plain);
        }

        /** The finished evidence. */
        public Evidence build() {
            return new Evidence(this);
        }
    }
}
