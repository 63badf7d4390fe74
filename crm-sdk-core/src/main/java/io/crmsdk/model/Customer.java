package io.crmsdk.model;

import io.crmsdk.Redaction;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A person, organization or group, as every connected system is mapped to it.
 *
 * <p>Immutable; a change is a new value. What can never be right (a NUL in a name, a fifth address line, a tag of 65
 * characters) is refused at construction; whether a value is plausible is the business of {@code io.crmsdk.quality}. Consent is
 * not a property of a customer: it is decided from the consent ledger each time, so there is no such field here.
 *
 * <p>Text is NFC; a text that is empty after trimming is absent. {@link #toString()} shows no personal value.
 *
 * @param id our id; null until the registry has issued one
 * @param number business number, at most 40 characters, leading zeros kept; null if absent
 * @param kind person, organization or group
 * @param status where the record stands
 * @param mergedInto our id of the record that took its place; null if none
 * @param parent employer of a person, parent of an organization; null if none
 * @param displayName the name as one text, at most 255 characters; null if absent
 * @param person parts of a personal name; null if there are none
 * @param organization what only an organization has; null if nothing
 * @param jobTitle at most 128 characters; null if absent
 * @param department at most 128 characters; null if absent
 * @param birthday a date without zone, perhaps without year; null if absent
 * @param language BCP 47, for example {@code zh-CN}; null if absent
 * @param timeZone IANA name, for example {@code Asia/Shanghai}; null if absent
 * @param emails e-mail addresses, in the order of the source
 * @param phones phone numbers, in the order of the source
 * @param addresses postal addresses, in the order of the source
 * @param onlineAccounts accounts in messengers and networks
 * @param websites absolute http or https addresses
 * @param externalIds names of this customer in other systems; no two of the same object
 * @param owner who looks after the customer; null if nobody or not known
 * @param region sales region; null if absent
 * @param tags labels of at most 64 characters; of two that differ only in case the first stays
 * @param vip how important, {@link VipLevel#UNKNOWN} unless stated
 * @param lifecycle how far the relation has come; null if not stated
 * @param source how the customer was found; null if not stated
 * @param notes remarks
 * @param attributes other fields: keys of the form {@code namespace.name}, at most 500
 * @param meta about the record
 */
public record Customer(
        @Nullable String id,
        @Nullable String number,
        CustomerKind kind,
        Coded<CustomerStatus> status,
        @Nullable String mergedInto,
        @Nullable RecordRef parent,
        @Nullable String displayName,
        @Nullable Person person,
        @Nullable Organization organization,
        @Nullable String jobTitle,
        @Nullable String department,
        @Nullable PartialDate birthday,
        @Nullable String language,
        @Nullable String timeZone,
        List<CustomerEmail> emails,
        List<CustomerPhone> phones,
        List<PostalAddress> addresses,
        List<OnlineAccount> onlineAccounts,
        List<URI> websites,
        List<ExternalId> externalIds,
        @Nullable Owner owner,
        @Nullable Region region,
        Set<String> tags,
        VipLevel vip,
        @Nullable Coded<LifecycleStage> lifecycle,
        @Nullable Coded<LeadSource> source,
        List<Note> notes,
        Map<String, AttributeValue> attributes,
        Meta meta) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException if a value can never be right
     */
    public Customer {
        id = Text.exactOrNull("id", id, 64);
        number = Text.exactOrNull("number", number, 40);
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(status, "status");
        mergedInto = Text.exactOrNull("mergedInto", mergedInto, 64);
        displayName = Text.line("displayName", displayName, 255);
        jobTitle = Text.line("jobTitle", jobTitle, 128);
        department = Text.line("department", department, 128);
        language = Text.line("language", language, 35);
        timeZone = Text.line("timeZone", timeZone, 64);
        emails = List.copyOf(emails);
        phones = List.copyOf(phones);
        addresses = List.copyOf(addresses);
        onlineAccounts = List.copyOf(onlineAccounts);
        websites = List.copyOf(websites);
        externalIds = List.copyOf(externalIds);
        Objects.requireNonNull(vip, "vip");
        notes = List.copyOf(notes);
        attributes = Text.map(attributes);
        Objects.requireNonNull(meta, "meta");
        CustomerChecks.timeZone(timeZone);
        CustomerChecks.websites(websites);
        CustomerChecks.externalIds(externalIds);
        tags = CustomerChecks.tags(tags);
        CustomerChecks.attributes(attributes);
    }

    /** A builder with nothing set but what is required. */
    public static Builder builder(CustomerKind kind) {
        Builder builder = new Builder();
        builder.kind = kind;
        return builder;
    }

    /** A builder that starts with everything this one holds. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.id = id;
        builder.number = number;
        builder.kind = kind;
        builder.status = status;
        builder.mergedInto = mergedInto;
        builder.parent = parent;
        builder.displayName = displayName;
        builder.person = person;
        builder.organization = organization;
        builder.jobTitle = jobTitle;
        builder.department = department;
        builder.birthday = birthday;
        builder.language = language;
        builder.timeZone = timeZone;
        builder.emails = emails;
        builder.phones = phones;
        builder.addresses = addresses;
        builder.onlineAccounts = onlineAccounts;
        builder.websites = websites;
        builder.externalIds = externalIds;
        builder.owner = owner;
        builder.region = region;
        builder.tags = tags;
        builder.vip = vip;
        builder.lifecycle = lifecycle;
        builder.source = source;
        builder.notes = notes;
        builder.attributes = attributes;
        builder.meta = meta;
        return builder;
    }

    /** The first address with the best preference; null if there is none. */
    public @Nullable CustomerEmail primaryEmail() {
        return Preference.best(emails, CustomerEmail::preference);
    }

    /** The first number with the best preference; null if there is none. */
    public @Nullable CustomerPhone primaryPhone() {
        return Preference.best(phones, CustomerPhone::preference);
    }

    /** The id of this customer in one system, instance and object type; null if it has none there. */
    public @Nullable ExternalId externalId(String system, String instance, String objectType) {
        for (ExternalId candidate : externalIds) {
            if (candidate.system().equals(system)
                    && candidate.instance().equals(instance)
                    && candidate.objectType().equals(objectType)) {
                return candidate;
            }
        }
        return null;
    }

    /** Our id, kind and how many contact points there are; the name is masked. */
    @Override
    public String toString() {
        return "Customer["
                + (id == null ? "new" : id)
                + ", "
                + kind
                + ", "
                + (displayName == null ? "" : Redaction.text(displayName))
                + ", emails="
                + emails.size()
                + ", phones="
                + phones.size()
                + "]";
    }

    /** Collects the parts of a {@link Customer}; what is not set is absent. Not thread-safe; may be used again. */
    public static final class Builder {
        private @Nullable String id;
        private @Nullable String number;
        private @Nullable CustomerKind kind;
        private Coded<CustomerStatus> status = Coded.of(CustomerStatus.UNKNOWN);
        private @Nullable String mergedInto;
        private @Nullable RecordRef parent;
        private @Nullable String displayName;
        private @Nullable Person person;
        private @Nullable Organization organization;
        private @Nullable String jobTitle;
        private @Nullable String department;
        private @Nullable PartialDate birthday;
        private @Nullable String language;
        private @Nullable String timeZone;
        private List<CustomerEmail> emails = List.of();
        private List<CustomerPhone> phones = List.of();
        private List<PostalAddress> addresses = List.of();
        private List<OnlineAccount> onlineAccounts = List.of();
        private List<URI> websites = List.of();
        private List<ExternalId> externalIds = List.of();
        private @Nullable Owner owner;
        private @Nullable Region region;
        private Set<String> tags = Set.of();
        private VipLevel vip = VipLevel.UNKNOWN;
        private @Nullable Coded<LifecycleStage> lifecycle;
        private @Nullable Coded<LeadSource> source;
        private List<Note> notes = List.of();
        private Map<String, AttributeValue> attributes = Map.of();
        private Meta meta = Meta.none();

        private Builder() {}

        /** Sets {@link Customer#id()}: our id. */
        public Builder id(@Nullable String id) {
            this.id = id;
            return this;
        }

        /** Sets {@link Customer#number()}: business number, at most 40 characters, leading zeros kept. */
        public Builder number(@Nullable String number) {
            this.number = number;
            return this;
        }

        /** Sets {@link Customer#kind()}: person, organization or group. */
        public Builder kind(CustomerKind kind) {
            this.kind = kind;
            return this;
        }

        /** Sets {@link Customer#status()}: where the record stands. */
        public Builder status(Coded<CustomerStatus> status) {
            this.status = status;
            return this;
        }

        /** Sets {@link Customer#mergedInto()}: our id of the record that took its place. */
        public Builder mergedInto(@Nullable String mergedInto) {
            this.mergedInto = mergedInto;
            return this;
        }

        /** Sets {@link Customer#parent()}: employer of a person, parent of an organization. */
        public Builder parent(@Nullable RecordRef parent) {
            this.parent = parent;
            return this;
        }

        /** Sets {@link Customer#displayName()}: the name as one text, at most 255 characters. */
        public Builder displayName(@Nullable String displayName) {
            this.displayName = displayName;
            return this;
        }

        /** Sets {@link Customer#person()}: parts of a personal name. */
        public Builder person(@Nullable Person person) {
            this.person = person;
            return this;
        }

        /** Sets {@link Customer#organization()}: what only an organization has. */
        public Builder organization(@Nullable Organization organization) {
            this.organization = organization;
            return this;
        }

        /** Sets {@link Customer#jobTitle()}: at most 128 characters. */
        public Builder jobTitle(@Nullable String jobTitle) {
            this.jobTitle = jobTitle;
            return this;
        }

        /** Sets {@link Customer#department()}: at most 128 characters. */
        public Builder department(@Nullable String department) {
            this.department = department;
            return this;
        }

        /** Sets {@link Customer#birthday()}: a date without zone, perhaps without year. */
        public Builder birthday(@Nullable PartialDate birthday) {
            this.birthday = birthday;
            return this;
        }

        /** Sets {@link Customer#language()}: BCP 47, for example {@code zh-CN}. */
        public Builder language(@Nullable String language) {
            this.language = language;
            return this;
        }

        /** Sets {@link Customer#timeZone()}: IANA name, for example {@code Asia/Shanghai}. */
        public Builder timeZone(@Nullable String timeZone) {
            this.timeZone = timeZone;
            return this;
        }

        /** Sets {@link Customer#emails()}: e-mail addresses, in the order of the source. */
        public Builder emails(List<CustomerEmail> emails) {
            this.emails = emails;
            return this;
        }

        /** Adds one to {@link Customer#emails()}. */
        public Builder addEmail(CustomerEmail email) {
            List<CustomerEmail> more = new ArrayList<>(emails);
            more.add(email);
            emails = more;
            return this;
        }

        /** Sets {@link Customer#phones()}: phone numbers, in the order of the source. */
        public Builder phones(List<CustomerPhone> phones) {
            this.phones = phones;
            return this;
        }

        /** Adds one to {@link Customer#phones()}. */
        public Builder addPhone(CustomerPhone phone) {
            List<CustomerPhone> more = new ArrayList<>(phones);
            more.add(phone);
            phones = more;
            return this;
        }

        /** Sets {@link Customer#addresses()}: postal addresses, in the order of the source. */
        public Builder addresses(List<PostalAddress> addresses) {
            this.addresses = addresses;
            return this;
        }

        /** Adds one to {@link Customer#addresses()}. */
        public Builder addAddress(PostalAddress address) {
            List<PostalAddress> more = new ArrayList<>(addresses);
            more.add(address);
            addresses = more;
            return this;
        }

        /** Sets {@link Customer#onlineAccounts()}: accounts in messengers and networks. */
        public Builder onlineAccounts(List<OnlineAccount> onlineAccounts) {
            this.onlineAccounts = onlineAccounts;
            return this;
        }

        /** Adds one to {@link Customer#onlineAccounts()}. */
        public Builder addOnlineAccount(OnlineAccount onlineAccount) {
            List<OnlineAccount> more = new ArrayList<>(onlineAccounts);
            more.add(onlineAccount);
            onlineAccounts = more;
            return this;
        }

        /** Sets {@link Customer#websites()}: absolute http or https addresses. */
        public Builder websites(List<URI> websites) {
            this.websites = websites;
            return this;
        }

        /** Adds one to {@link Customer#websites()}. */
        public Builder addWebsite(URI website) {
            List<URI> more = new ArrayList<>(websites);
            more.add(website);
            websites = more;
            return this;
        }

        /** Sets {@link Customer#externalIds()}: names of this customer in other systems; no two of the same object. */
        public Builder externalIds(List<ExternalId> externalIds) {
            this.externalIds = externalIds;
            return this;
        }

        /** Adds one to {@link Customer#externalIds()}. */
        public Builder addExternalId(ExternalId externalId) {
            List<ExternalId> more = new ArrayList<>(externalIds);
            more.add(externalId);
            externalIds = more;
            return this;
        }

        /** Sets {@link Customer#owner()}: who looks after the customer. */
        public Builder owner(@Nullable Owner owner) {
            this.owner = owner;
            return this;
        }

        /** Sets {@link Customer#region()}: sales region. */
        public Builder region(@Nullable Region region) {
            this.region = region;
            return this;
        }

        /** Sets {@link Customer#tags()}: labels of at most 64 characters; of two that differ only in case the first stays. */
        public Builder tags(Set<String> tags) {
            this.tags = tags;
            return this;
        }

        /** Sets {@link Customer#vip()}: how important, {@link VipLevel#UNKNOWN} unless stated. */
        public Builder vip(VipLevel vip) {
            this.vip = vip;
            return this;
        }

        /** Sets {@link Customer#lifecycle()}: how far the relation has come. */
        public Builder lifecycle(@Nullable Coded<LifecycleStage> lifecycle) {
            this.lifecycle = lifecycle;
            return this;
        }

        /** Sets {@link Customer#source()}: how the customer was found. */
        public Builder source(@Nullable Coded<LeadSource> source) {
            this.source = source;
            return this;
        }

        /** Sets {@link Customer#notes()}: remarks. */
        public Builder notes(List<Note> notes) {
            this.notes = notes;
            return this;
        }

        /** Adds one to {@link Customer#notes()}. */
        public Builder addNote(Note note) {
            List<Note> more = new ArrayList<>(notes);
            more.add(note);
            notes = more;
            return this;
        }

        /** Sets {@link Customer#attributes()}: other fields: keys of the form {@code namespace.name}, at most 500. */
        public Builder attributes(Map<String, AttributeValue> attributes) {
            this.attributes = attributes;
            return this;
        }

        /** Sets {@link Customer#meta()}: about the record. */
        public Builder meta(Meta meta) {
            this.meta = meta;
            return this;
        }

        /**
         * The finished value.
         *
         * @throws ModelException if a value can never be right
         */
        public Customer build() {
            return new Customer(
                    id,
                    number,
                    required("kind", kind),
                    status,
                    mergedInto,
                    parent,
                    displayName,
                    person,
                    organization,
                    jobTitle,
                    department,
                    birthday,
                    language,
                    timeZone,
                    emails,
                    phones,
                    addresses,
                    onlineAccounts,
                    websites,
                    externalIds,
                    owner,
                    region,
                    tags,
                    vip,
                    lifecycle,
                    source,
                    notes,
                    attributes,
                    meta);
        }

        private static <T> T required(String field, @Nullable T value) {
            if (value == null) {
                throw new ModelException("MALFORMED", field, "a value is required");
            }
            return value;
        }
    }
}
