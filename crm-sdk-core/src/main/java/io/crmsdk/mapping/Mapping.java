package io.crmsdk.mapping;

import io.crmsdk.internal.TextFile;
import io.crmsdk.internal.TextFileException;
import io.crmsdk.internal.TextNode;
import io.crmsdk.model.Customer;
import io.crmsdk.model.Invoice;
import io.crmsdk.model.Payment;
import io.crmsdk.model.SalesOrder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the records of one vendor object become canonical records and go back, as data: from a YAML or JSON file or from the
 * builder, which make the same mapping.
 *
 * <p>A mapping is checked as a whole when it is made, against the canonical schema and against what is declared of the vendor's
 * fields; one that loads can run. It holds no scripts, names no classes, and reads every value as text. The file's syntax and
 * every converter are described in docs/mapping.md.
 *
 * <p>Immutable and thread-safe. Two mappings are equal if they state the same; {@link #version()} is the hash of that.
 */
public final class Mapping {
    private final MappingSpec spec;
    private final Converters converters;
    private final String instance;
    private final Plan plan;
    private final String version;

    private Mapping(MappingSpec spec, Converters converters, String instance, Plan plan) {
        this.spec = spec;
        this.converters = converters;
        this.instance = instance;
        this.plan = plan;
        this.version = CanonicalForm.hash(spec);
    }

    /**
     * Reads a file in UTF-8: JSON if its name ends in {@code .json}, else YAML.
     *
     * @param hosts converters of the host's own that the file may name
     * @throws MappingException with every problem, also if the file cannot be read
     */
    public static Mapping load(Path file, Converter<?>... hosts) {
        String name = String.valueOf(file.getFileName());
        try {
            if (Files.size(file) > 4L * TextFile.MAX_CHARS) {
                throw problem(name, "LIMIT_EXCEEDED", "the file has " + Files.size(file) + " bytes");
            }
            return parse(name, text(name, Files.readAllBytes(file)), hosts);
        } catch (IOException e) {
            throw problem(
                    name,
                    "UNREADABLE",
                    "the file cannot be read: " + e.getClass().getSimpleName());
        }
    }

    /**
     * Reads the text of a file.
     *
     * @param name name of the file for messages; JSON if it ends in {@code .json}, else YAML
     * @param hosts converters of the host's own that the file may name
     * @throws MappingException with every problem
     */
    public static Mapping parse(String name, String text, Converter<?>... hosts) {
        Converters converters = Converters.ours(List.of(hosts));
        Problems problems = new Problems(name);
        Places places = new Places();
        MappingSpec spec = SpecReader.read(bare(name), tree(name, text), problems, places, converters.names());
        if (spec == null) {
            problems.throwIfAny();
            throw new IllegalStateException("a file without spec has a problem");
        }
        return compiled(spec, converters, "", problems, places);
    }

    private static TextNode tree(String name, String text) {
        try {
            return TextFile.read(name, text);
        } catch (TextFileException e) {
            throw new MappingException(
                    List.of(new MappingException.Problem(name, e.line(), null, e.code(), e.problem())));
        }
    }

    private static String bare(String name) {
        return name.replaceAll("\\.(ya?ml|json)$", "");
    }

    static String text(String name, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw problem(name, "MALFORMED", "the file is not UTF-8");
        }
    }

    static MappingException problem(String name, String code, String message) {
        return new MappingException(List.of(new MappingException.Problem(name, 0, null, code, message)));
    }

    private static Mapping compiled(
            MappingSpec spec, Converters converters, String instance, Problems problems, Places places) {
        Plan plan = Compiler.compile(spec, converters, instance, problems, places);
        return new Mapping(spec, converters, instance, plan);
    }

    /** A builder for a mapping of this name, which is also the name in its messages. */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /**
     * The same mapping for one tenant or host of the vendor: its external ids bear this instance. The version stays.
     *
     * @param newInstance as in {@link io.crmsdk.model.ExternalId#instance()}; empty for none
     */
    public Mapping forInstance(String newInstance) {
        return compiled(
                spec,
                converters,
                Objects.requireNonNull(newInstance, "instance"),
                new Problems(spec.name()),
                new Places());
    }

    /**
     * The same mapping for a source whose local times are of another zone: it replaces the zone of every {@code moment} and
     * {@code split-time} rule and of every {@code time} rule whose convention names one. Another version, since it reads other instants.
     *
     * @param zone a name of the tz database or an offset
     * @throws MappingException if there is no such zone, or no rule reads local time
     */
    public Mapping inZone(String zone) {
        Objects.requireNonNull(zone, "zone");
        if (spec.rules().stream().noneMatch(MappingRule::readsLocalTime)) {
            throw problem(name(), "NO_LOCAL_TIME", "no rule reads local time, so no zone can be stated");
        }
        List<MappingRule> zoned =
                spec.rules().stream().map(rule -> rule.inZone(zone)).toList();
        return compiled(spec.with(zoned), converters, instance, new Problems(name()), new Places());
    }

    /** Its name, for example {@code salesforce/contact}. */
    public String name() {
        return spec.name();
    }

    /** Which record it makes. */
    public RecordType recordType() {
        return spec.record();
    }

    /** The vendor's system, as in external ids; null if not stated. */
    public @Nullable String system() {
        return spec.system();
    }

    /** The vendor's object, as in external ids; null if not stated. */
    public @Nullable String object() {
        return spec.object();
    }

    /** What it is for, in the words of its author; null if not stated. */
    public @Nullable String doc() {
        return spec.doc();
    }

    /** The rules as they were stated, in order. */
    public List<MappingRule> rules() {
        return spec.rules();
    }

    /** What is declared of the vendor's fields, by path. */
    public Map<String, VendorField> vendorFields() {
        return spec.fields();
    }

    /** What loads but deserves a look: declared fields that no rule uses, lengths and words that do not fit both ways. */
    public List<String> warnings() {
        return plan.warnings;
    }

    /**
     * SHA-256 of everything the mapping states, as 64 hexadecimal digits; independent of the form of the file, its comments and
     * the order of keys. The rules' order counts, and the host's own converters count by their names.
     */
    public String version() {
        return version;
    }

    /**
     * Reads one vendor record.
     *
     * @param json one JSON object in UTF-8; the array belongs to the record from now on and must not be changed
     * @throws PayloadException if it cannot be read as a record at all
     */
    public MappedRecord in(byte[] json) {
        return JsonReader.read(plan, json).record(json);
    }

    /**
     * Reads one vendor record that is already a tree.
     *
     * @param tree names with texts, numbers (no {@code Double} or {@code Float}), booleans, nulls, lists and maps; must not be
     *     changed afterwards
     */
    public MappedRecord in(Map<String, ? extends @Nullable Object> tree) {
        return JsonReader.read(plan, tree).record(tree);
    }

    /** What is written to the vendor for a new customer: every field that a rule writes and that has a value. */
    public VendorRecord out(Customer customer) {
        return write(RecordType.CUSTOMER, customer, null, null);
    }

    /**
     * What is written to the vendor for a customer that it has: only what differs from what it last sent, in the vendor's own
     * spelling where that means the same. A field whose value is gone is emptied as its rule says.
     *
     * @param base what was read from the vendor by this mapping
     */
    public VendorRecord out(Customer customer, MappedRecord base) {
        return write(RecordType.CUSTOMER, customer, base.record(), base);
    }

    /**
     * What is written to the vendor for a customer that it has: only what differs from what both sides last agreed on.
     *
     * @param base the customer as it was then
     */
    public VendorRecord out(Customer customer, Customer base) {
        return write(RecordType.CUSTOMER, customer, base, null);
    }

    /** As {@link #out(Customer)}, for an order. */
    public VendorRecord out(SalesOrder order) {
        return write(RecordType.ORDER, order, null, null);
    }

    /** As {@link #out(Customer, MappedRecord)}, for an order. */
    public VendorRecord out(SalesOrder order, MappedRecord base) {
        return write(RecordType.ORDER, order, base.record(), base);
    }

    /** As {@link #out(Customer)}, for an invoice. */
    public VendorRecord out(Invoice invoice) {
        return write(RecordType.INVOICE, invoice, null, null);
    }

    /** As {@link #out(Customer, MappedRecord)}, for an invoice. */
    public VendorRecord out(Invoice invoice, MappedRecord base) {
        return write(RecordType.INVOICE, invoice, base.record(), base);
    }

    /** As {@link #out(Customer)}, for a payment. */
    public VendorRecord out(Payment payment) {
        return write(RecordType.PAYMENT, payment, null, null);
    }

    /** As {@link #out(Customer, MappedRecord)}, for a payment. */
    public VendorRecord out(Payment payment, MappedRecord base) {
        return write(RecordType.PAYMENT, payment, base.record(), base);
    }

    private VendorRecord write(RecordType type, Object record, @Nullable Object base, @Nullable MappedRecord vendor) {
        if (spec.record() != type) {
            throw new IllegalArgumentException(
                    "the mapping " + spec.name() + " writes " + spec.record() + ", not " + type);
        }
        return Writing.write(plan, record, base, vendor);
    }

    /** The mapping as a table for people, in Markdown. */
    public String explain() {
        return Explain.markdown(this);
    }

    /** The mapping as a table for people, as a page that needs no other file. */
    public String explainHtml() {
        return Explain.html(this);
    }

    /**
     * What became of each field of a record, and why.
     *
     * @param record one that this mapping made
     */
    public List<FieldTrace> trace(MappedRecord record) {
        return Explain.trace(this, record);
    }

    /** Whether it is for sheets and other rows. */
    public boolean forRows() {
        return spec.rows();
    }

    /**
     * Binds the mapping to the columns of one sheet.
     *
     * @param header the sheet's header, in order; width, case and blanks do not matter
     * @throws MappingException {@code MISSING_COLUMN} if a required column is missing; {@code AMBIGUOUS_COLUMN} if two columns
     *     stand for the same field
     */
    public RowMapping forColumns(List<String> header) {
        return RowMapping.bind(plan, header);
    }

    /**
     * A mapping that comes with the SDK, for example {@code cn/customers}.
     *
     * @throws MappingException {@code UNKNOWN_MAPPING} with the names there are
     */
    public static Mapping bundled(String name) {
        return Bundled.load(name);
    }

    /** The names of the mappings that come with the SDK's modules on the class or module path, sorted. */
    public static List<String> bundledNames() {
        return Bundled.names();
    }

    /**
     * The bundled mapping for rows whose columns fit a header.
     *
     * @throws MappingException {@code NO_FITTING_MAPPING} that shows the nearest
     */
    public static Mapping bundledFor(List<String> header) {
        return Bundled.fitting(header);
    }

    Plan plan() {
        return plan;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Mapping that && spec.equals(that.spec) && instance.equals(that.instance);
    }

    @Override
    public int hashCode() {
        return Objects.hash(version, instance);
    }

    /** Name and the first digits of the version. */
    @Override
    public String toString() {
        return spec.name() + "@" + version.substring(0, 12);
    }

    /** Collects the parts of a {@link Mapping}. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private RecordType record = RecordType.CUSTOMER;
        private boolean rows;
        private @Nullable String system;
        private @Nullable String object;
        private @Nullable String region;
        private @Nullable Direction direction;
        private Absence blank = Absence.ABSENT;
        private Absence nulls = Absence.NULL;
        private Clearing clearing = Clearing.NULL;
        private List<String> nullWords = List.of();
        private @Nullable String doc;
        private final Map<String, VendorField> fields = new LinkedHashMap<>();
        private final Map<String, String> constants = new LinkedHashMap<>();
        private final List<MappingRule> rules = new ArrayList<>();
        private final List<Converter<?>> hosts = new ArrayList<>();

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /** Which record the mapping makes; a customer unless stated. */
        public Builder record(RecordType type) {
            this.record = type;
            return this;
        }

        /** For sheets and other rows: columns instead of JSON, and cells that people typed. */
        public Builder forRows() {
            this.rows = true;
            return this;
        }

        /** The vendor's system and object, as in external ids. */
        public Builder system(String system, String object) {
            this.system = system;
            this.object = object;
            return this;
        }

        /** The country whose phone numbers may stand without country code, for example {@code CN}. */
        public Builder region(String region) {
            this.region = region;
            return this;
        }

        /** Which way rules work that do not state it: both, or for rows in. */
        public Builder direction(Direction direction) {
            this.direction = direction;
            return this;
        }

        /** What an empty text says where a rule does not state it: nothing, unless stated. */
        public Builder blank(Absence meaning) {
            this.blank = meaning;
            return this;
        }

        /** What a null says where a rule does not state it: that there is no value, unless stated. */
        public Builder nulls(Absence meaning) {
            this.nulls = meaning;
            return this;
        }

        /** How the vendor's fields are emptied where a rule does not state it: by null, unless stated. */
        public Builder clearing(Clearing clearing) {
            this.clearing = clearing;
            return this;
        }

        /** Texts of the vendor that stand for null in every field, such as {@code false} in Odoo. */
        public Builder nullWords(String... words) {
            this.nullWords = List.of(words);
            return this;
        }

        /** What the mapping is for. */
        public Builder doc(String doc) {
            this.doc = doc;
            return this;
        }

        /** Declares a field of the vendor; once one is declared, rules can only name declared ones. */
        public Builder vendorField(VendorField field) {
            if (fields.put(field.path(), field) != null) {
                throw new IllegalArgumentException("the vendor's field " + field.path() + " is declared twice");
            }
            return this;
        }

        /** A canonical field that has the same value in every record. */
        public Builder constant(String path, String value) {
            if (constants.put(path, value) != null) {
                throw new IllegalArgumentException("two constants for " + path);
            }
            return this;
        }

        /** Adds a rule. */
        public Builder rule(MappingRule rule) {
            rules.add(rule);
            return this;
        }

        /** Adds a rule with the target's own converter. */
        public Builder rule(String from, String to) {
            return rule(MappingRule.of(from, to).build());
        }

        /** Adds a rule with this converter. */
        public Builder rule(String from, String to, Conversion as) {
            return rule(MappingRule.of(from, to).as(as).build());
        }

        /** Registers a converter of the host's own. */
        public Builder converter(Converter<?> converter) {
            hosts.add(converter);
            return this;
        }

        /**
         * The finished mapping.
         *
         * @throws MappingException with every problem
         */
        public Mapping build() {
            MappingSpec spec = new MappingSpec(
                    name,
                    record,
                    rows,
                    system,
                    object,
                    region,
                    direction != null ? direction : rows ? Direction.IN : Direction.BOTH,
                    blank,
                    nulls,
                    clearing,
                    nullWords,
                    doc,
                    fields,
                    constants,
                    rules);
            return compiled(spec, converters(hosts), "", new Problems(name), new Places());
        }

        private static Converters converters(Collection<Converter<?>> hosts) {
            return Converters.ours(hosts);
        }
    }
}
