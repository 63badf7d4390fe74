package io.crmsdk.mapping;

import io.crmsdk.internal.Suggestion;
import io.crmsdk.time.TimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Checks a mapping against the canonical schema and the vendor's, and makes the plan by which records are read and written. */
final class Compiler {
    /** Names by which systems call a no to mail; what bears one is a consent signal or nothing. */
    private static final List<String> SPEAK_OF_CONSENT = List.of(
            "optout",
            "optedout",
            "unsubscri",
            "donotemail",
            "donotbulk",
            "donotmail",
            "donotcall",
            "donotphone",
            "donotfax",
            "donotpostal",
            "emailblacklist",
            "smsblacklist",
            "退订",
            "接收营销",
            "拒收");

    private final MappingSpec spec;
    private final Converters converters;
    private final Problems problems;
    private final Places places;
    private final Assembly assembly;
    private final List<String> warnings = new ArrayList<>();
    private final Map<String, VendorField> declared = new HashMap<>();

    private Compiler(MappingSpec spec, Converters converters, String instance, Problems problems, Places places) {
        this.spec = spec;
        this.converters = converters;
        this.problems = problems;
        this.places = places;
        this.assembly = new Assembly(spec, instance);
    }

    /** @throws MappingException with every problem */
    static Plan compile(MappingSpec spec, Converters converters, String instance, Problems problems, Places places) {
        return new Compiler(spec, converters, instance, problems, places).plan();
    }

    private Plan plan() {
        declaredFields();
        List<CompiledRule> rules = new ArrayList<>();
        for (int i = 0; i < spec.rules().size(); i++) {
            CompiledRule rule = rule(i, spec.rules().get(i));
            if (rule != null) {
                rules.add(rule);
            }
        }
        Map<Integer, Object> constants = constants(rules);
        boolean reads = rules.stream().anyMatch(rule -> rule.direction().reads());
        boolean writes = rules.stream().anyMatch(rule -> rule.direction().writes());
        readTwice(rules);
        writtenTwice(rules);
        if (problems.none()) {
            complete(assembly.root(), spec.record().name().toLowerCase(Locale.ROOT), reads);
            vendorComplete(rules, writes);
        }
        problems.throwIfAny();
        unmapped(rules);
        @Nullable Object[] template = new Object[assembly.slots()];
        constants.forEach((slot, value) -> template[slot] = value);
        return new Plan(spec, assembly.root(), template, rules, List.copyOf(warnings));
    }

    private void declaredFields() {
        spec.fields().forEach((path, field) -> {
            try {
                declared.put(VendorPath.parseDeclared(path).declared(), field);
            } catch (IllegalArgumentException e) {
                problems.add(places.key("vendor"), path, "MALFORMED", String.valueOf(e.getMessage()));
            }
        });
        if (spec.rules().isEmpty() && problems.none()) {
            problems.add(0, null, "EMPTY_MAPPING", "a mapping without rules would take nothing and empty everything");
        }
    }

    private @Nullable CompiledRule rule(int number, MappingRule rule) {
        try {
            return checked(number, rule);
        } catch (ConversionFault e) {
            problem(number, rule, e.code(), e.reason());
        } catch (IllegalArgumentException e) {
            problem(number, rule, "MALFORMED", String.valueOf(e.getMessage()));
        }
        return null;
    }

    private CompiledRule checked(int number, MappingRule rule) {
        List<VendorPath> sources = new ArrayList<>();
        List<@Nullable VendorField> fields = new ArrayList<>();
        for (String from : rule.from()) {
            VendorPath path = VendorPath.parse(from);
            sources.add(path);
            fields.add(field(path));
        }
        CompiledRule.Consent consent = rule.to().startsWith("consent") ? consent(CanonicalPath.parse(rule.to())) : null;
        Target target = consent == null ? assembly.target(CanonicalPath.parse(rule.to())) : null;
        Type type = target == null ? CanonicalSchema.CONSENT : target.type();
        speaksOfConsent(rule, consent);
        Conversion stated = rule.as();
        Conversion conversion = stated == null ? usual(rule, type) : stated;
        Type bindingType = type;
        if (type.kind() == Type.Kind.TEXTS && sources.get(0).each()) {
            bindingType = Type.text(255);
            conversion = stated == null ? Conversion.of("text") : conversion;
        }
        Arguments arguments = new Arguments(conversion, bindingType, spec.region(), fields, rule.tooLong());
        Bound bound = bind(arguments);
        if (!bound.takes(sources.size())) {
            throw new ConversionFault("TYPE", bound.name + " does not take " + sources.size() + " vendor fields");
        }
        Direction direction = direction(rule, consent != null, fields, target);
        CompiledRule compiled = new CompiledRule(
                number,
                rule,
                direction,
                target,
                consent,
                bound,
                List.copyOf(sources),
                java.util.Collections.unmodifiableList(fields),
                conditions(rule),
                columns(rule, bound, bindingType, consent != null),
                rule.blank() == null ? spec.blank() : rule.blank(),
                rule.nulls() == null ? spec.nulls() : rule.nulls(),
                rule.clearing() == null ? spec.clearing() : rule.clearing(),
                nullWords(bound),
                rule.fallback() == null ? null : Assembly.constant(type, rule.fallback()),
                rule.sensitivity() != null
                        ? rule.sensitivity()
                        : target == null ? Sensitivity.OPEN : target.sensitivity(),
                owner(rule, direction));
        fits(compiled, bindingType);
        return compiled;
    }

    private Conversion usual(MappingRule rule, Type type) {
        if (type.kind() == Type.Kind.MONEY && rule.from().size() == 2) {
            return Conversion.of("money");
        }
        return Converters.usual(type, spec.rows(), spec.region());
    }

    private Bound bind(Arguments arguments) {
        try {
            return converters.bind(arguments);
        } catch (TimeException e) {
            throw new ConversionFault(e.code(), String.valueOf(e.getMessage()));
        } catch (io.crmsdk.model.ModelException e) {
            throw new ConversionFault("ARGUMENT", String.valueOf(e.getMessage()));
        }
    }

    private @Nullable VendorField field(VendorPath path) {
        VendorField field = declared.get(path.declared());
        if (field == null && !declared.isEmpty()) {
            throw new ConversionFault(
                    "UNKNOWN_FIELD",
                    "the vendor block declares no field " + path.declared()
                            + Suggestion.of(path.declared(), declared.keySet()));
        }
        return field;
    }

    private void speaksOfConsent(MappingRule rule, CompiledRule.@Nullable Consent consent) {
        if (consent != null) {
            return;
        }
        for (String from : rule.from()) {
            String bare = from.toLowerCase(Locale.ROOT)
                    .replace("_", "")
                    .replace("-", "")
                    .replace(" ", "");
            for (String word : SPEAK_OF_CONSENT) {
                if (bare.contains(word)) {
                    throw new ConversionFault(
                            "CONSENT",
                            from + " speaks of consent; it maps to consent[channel=…,scope=…] or not at all");
                }
            }
        }
    }

    private CompiledRule.Consent consent(CanonicalPath path) {
        CanonicalPath.Step step = path.steps().get(0);
        String scope = step.keys().get("scope");
        String channel = step.keys().get("channel");
        if (path.steps().size() != 1
                || !step.name().equals("consent")
                || step.keys().size() != 2
                || scope == null
                || channel == null) {
            throw new ConversionFault("UNKNOWN_PATH", "a consent signal is consent[channel=email,scope=marketing]");
        }
        for (ConsentSignal.Channel known : ConsentSignal.Channel.values()) {
            if (known.name().equals(channel.toUpperCase(Locale.ROOT))) {
                return new CompiledRule.Consent(known, scope);
            }
        }
        throw new ConversionFault("UNKNOWN_PATH", "no channel is named " + channel);
    }

    private Direction direction(
            MappingRule rule, boolean consent, List<@Nullable VendorField> fields, @Nullable Target target) {
        Direction stated = rule.direction();
        boolean writable = fields.stream().allMatch(field -> field == null || field.writable());
        if (consent) {
            if (stated != null && stated != Direction.IN) {
                throw new ConversionFault(
                        "CONSENT", "consent is never written by a mapping; only the ledger decides it");
            }
            return Direction.IN;
        }
        if (target != null && !target.fillable()) {
            if (stated != null && stated.reads()) {
                throw new ConversionFault(
                        "NOT_FILLABLE", target.path() + " is ours; a rule can only write it: direction: out");
            }
            return Direction.OUT;
        }
        if (stated == null) {
            return writable ? spec.direction() : Direction.IN;
        }
        if (stated.writes() && !writable) {
            throw new ConversionFault("NOT_WRITABLE", "the vendor declares the field as not writable");
        }
        return stated;
    }

    private List<CompiledRule.Condition> conditions(MappingRule rule) {
        List<CompiledRule.Condition> conditions = new ArrayList<>();
        rule.when().forEach((field, values) -> {
            VendorPath path = VendorPath.parse(field);
            field(path);
            if (path.each() && !rule.from().get(0).contains("[*]")) {
                throw new ConversionFault("TYPE", "a condition on each item needs a rule for each item");
            }
            if (values.isEmpty()) {
                throw new ConversionFault(
                        "ARGUMENT",
                        "when " + field + " names no value, so the rule would never apply; '*' is any value");
            }
            conditions.add(new CompiledRule.Condition(path, values));
        });
        return List.copyOf(conditions);
    }

    private List<CompiledRule.Column> columns(MappingRule rule, Bound bound, Type type, boolean consent) {
        if (consent && !rule.aliases().isEmpty()) {
            throw new ConversionFault(
                    "NO_POLARITY", "each further header of an opt-out column states its polarity: use variants");
        }
        List<CompiledRule.Column> columns = new ArrayList<>();
        columns.add(new CompiledRule.Column(rule.from().get(0), bound));
        rule.aliases().forEach(alias -> columns.add(new CompiledRule.Column(alias, bound)));
        for (MappingRule.Variant variant : rule.variants()) {
            List<@Nullable VendorField> nothingDeclared = new ArrayList<>();
            nothingDeclared.add(null);
            columns.add(new CompiledRule.Column(
                    variant.from(),
                    bind(new Arguments(variant.as(), type, spec.region(), nothingDeclared, rule.tooLong()))));
        }
        return List.copyOf(columns);
    }

    private Set<String> nullWords(Bound bound) {
        boolean meansItself = bound.name.equals("boolean") || bound.name.equals("opt-out") || bound.name.equals("enum");
        return meansItself ? Set.of() : Set.copyOf(spec.nullWords());
    }

    private static OwnerPolicy owner(MappingRule rule, Direction direction) {
        if (rule.owner() != null) {
            return rule.owner();
        }
        return switch (direction) {
            case IN -> OwnerPolicy.THEIRS;
            case OUT -> OwnerPolicy.OURS;
            case BOTH -> OwnerPolicy.MANUAL;
        };
    }

    private void fits(CompiledRule rule, Type type) {
        if (rule.direction().writes() && rule.bound().promise == Bound.Promise.ONE_WAY) {
            throw new ConversionFault("NOT_INVERTIBLE", rule.bound().name + " has no way back; state direction: in");
        }
        boolean vendorItems = rule.sources().get(0).each();
        boolean ourItems = rule.target() != null && rule.target().items() != null;
        if (vendorItems != ourItems
                && !(vendorItems && rule.target() != null && rule.field().type().kind() == Type.Kind.TEXTS)) {
            throw new ConversionFault("TYPE", "[*] stands on both sides or on none");
        }
        for (VendorField field : rule.fields()) {
            if (field != null) {
                vendorType(rule, field, type);
                vendorLength(rule, field, type);
            }
        }
        MappingRule stated = rule.rule();
        if (stated.tooLong() == TooLong.SPLIT && !rule.bound().name.equals("join")) {
            throw new ConversionFault("LENGTH", "split needs several vendor fields and the converter join");
        }
        if (stated.tooLong() == TooLong.TRUNCATE_WITH_AUDIT && type.kind() != Type.Kind.TEXT) {
            throw new ConversionFault(
                    "LENGTH", "only a plain text can be cut; " + type.text() + " would become another value");
        }
        if (stated.onError() == OnError.KEEP_RAW && !keepsRaw(type)) {
            throw new ConversionFault(
                    "TYPE", "keep-raw needs a field that can hold the text: a phone, a coded word, an attribute");
        }
        withoutWord(rule, type);
    }

    private static boolean keepsRaw(Type type) {
        return type.kind() == Type.Kind.PHONE || type.kind() == Type.Kind.CODED || type.kind() == Type.Kind.ATTRIBUTE;
    }

    private void withoutWord(CompiledRule rule, Type type) {
        if (!rule.direction().writes()) {
            return;
        }
        List<String> missing = WordConverters.withoutWord(rule.bound());
        if (missing.isEmpty()) {
            return;
        }
        if (type.kind() == Type.Kind.WORD) {
            throw new ConversionFault(
                    "ENUM_IMAGE",
                    "nothing could be written for " + String.join(", ", missing) + "; add them under out");
        }
        warn(rule, "nothing can be written for " + String.join(", ", missing));
    }

    private static void vendorType(CompiledRule rule, VendorField field, Type type) {
        String converter = rule.bound().name;
        VendorType vendor = field.type();
        if (vendor == null) {
            return;
        }
        switch (vendor) {
            case DOUBLE -> {
                if (type.isMoney() || converter.equals("decimal") || converter.equals("clean-money")) {
                    throw new ConversionFault("MONEY_DOUBLE", "exact amounts cannot come from a double");
                }
            }
            case TIME -> {
                if (converter.equals("text")) {
                    throw new ConversionFault("NO_CONVENTION", "a time field needs its convention: as: {time: …}");
                }
                if (type.kind() == Type.Kind.EMAIL || type.kind() == Type.Kind.PHONE) {
                    throw mismatch(vendor, type);
                }
            }
            case DATE -> {
                if (type.isTime() && !converter.equals("split-time")) {
                    throw new ConversionFault("TYPE", "a day is no moment");
                }
            }
            case BOOLEAN -> {
                boolean words = converter.equals("enum") || converter.equals("boolean") || converter.equals("opt-out");
                if (!words) {
                    throw mismatch(vendor, type);
                }
            }
            case INTEGER, DECIMAL -> {
                if (type.kind() == Type.Kind.EMAIL || type.kind() == Type.Kind.URL) {
                    throw mismatch(vendor, type);
                }
            }
            case TEXT -> {}
        }
    }

    private static ConversionFault mismatch(VendorType vendor, Type type) {
        return new ConversionFault(
                "TYPE", "the vendor's field is " + SpecReader.spelt(vendor) + ", ours is " + type.text());
    }

    private void vendorLength(CompiledRule rule, VendorField field, Type type) {
        int limit = field.length();
        if (limit == 0) {
            return;
        }
        if (rule.direction().writes()) {
            for (String written : shortest(rule)) {
                if (field.unit().of(written) > limit) {
                    throw new ConversionFault(
                            "LENGTH",
                            "what is written has " + field.unit().of(written) + ", the vendor's field takes " + limit);
                }
            }
        }
        if (type.kind() != Type.Kind.TEXT && type.kind() != Type.Kind.EXACT) {
            return;
        }
        if (rule.direction().reads() && limit > type.longest()) {
            warn(
                    rule,
                    "the vendor's " + limit + " characters do not all fit into " + type.longest()
                            + "; longer ones are refused");
        }
        if (rule.direction().writes() && limit < type.longest() && rule.fields().size() == 1) {
            warn(
                    rule,
                    "up to " + type.longest() + " characters do not fit into the vendor's " + limit + ": "
                            + SpecReader.spelt(rule.rule().tooLong()));
        }
    }

    /** Texts that the rule writes whatever the record holds, as far as they are known before. */
    private static List<String> shortest(CompiledRule rule) {
        try {
            return switch (rule.bound().name) {
                case "time" ->
                    List.of(rule.bound().put((String) null, java.time.Instant.parse("2024-11-03T06:30:00Z")));
                case "salesforce-id" -> List.of("000000000000000AAA");
                default -> WordConverters.written(rule.bound());
            };
        } catch (TimeException e) {
            return List.of();
        }
    }

    private Map<Integer, Object> constants(List<CompiledRule> rules) {
        Map<Integer, Object> constants = new TreeMap<>();
        Set<String> targets = new HashSet<>();
        rules.stream()
                .filter(rule -> rule.target() != null && rule.direction().reads())
                .forEach(rule -> targets.add(rule.field().path()));
        spec.constants().forEach((path, text) -> {
            try {
                Target target = assembly.target(CanonicalPath.parse(path));
                if (target.items() != null || !target.fillable()) {
                    throw new ConversionFault("UNKNOWN_PATH", path + " cannot be a constant");
                }
                if (targets.contains(target.path())) {
                    throw new ConversionFault(
                            "DUPLICATE_TARGET", "a rule fills this field too; state its default instead");
                }
                constants.put(target.slot(), Assembly.constant(target.type(), text));
            } catch (ConversionFault e) {
                problems.add(places.key("constants"), path, e.code(), e.reason());
            } catch (IllegalArgumentException | io.crmsdk.model.ModelException e) {
                problems.add(places.key("constants"), path, "MALFORMED", String.valueOf(e.getMessage()));
            }
        });
        return constants;
    }

    private void readTwice(List<CompiledRule> rules) {
        Map<String, List<CompiledRule>> byTarget = new TreeMap<>();
        for (CompiledRule rule : rules) {
            Target target = rule.target();
            if (target == null || !rule.direction().reads()) {
                continue;
            }
            for (CompiledRule other : byTarget.computeIfAbsent(target.path(), path -> new ArrayList<>())) {
                if (!exclusive(rule, other)) {
                    problem(
                            rule.number(),
                            rule.rule(),
                            "DUPLICATE_TARGET",
                            "the rule for " + other.source() + " fills " + target.path()
                                    + " too; give both a when that excludes the other, or map one elsewhere");
                }
            }
            byTarget.getOrDefault(target.path(), new ArrayList<>()).add(rule);
        }
    }

    private void writtenTwice(List<CompiledRule> rules) {
        Map<String, List<CompiledRule>> byField = new TreeMap<>();
        for (CompiledRule rule : rules) {
            if (!rule.direction().writes()) {
                continue;
            }
            for (VendorPath source : rule.sources()) {
                for (CompiledRule other : byField.computeIfAbsent(source.toString(), path -> new ArrayList<>())) {
                    boolean parts = rule.bound().name.equals("part")
                            && other.bound().name.equals("part")
                            && !Objects.equals(rule.rule().as(), other.rule().as());
                    if (!parts && !exclusive(rule, other) && !sharedCurrency(rule, other, source)) {
                        problem(
                                rule.number(),
                                rule.rule(),
                                "DUPLICATE_TARGET",
                                "the rule for " + other.rule().to() + " writes " + source + " too");
                    }
                }
                byField.getOrDefault(source.toString(), new ArrayList<>()).add(rule);
            }
        }
    }

    /** Several amounts may share the field of their currency. */
    private static boolean sharedCurrency(CompiledRule rule, CompiledRule other, VendorPath source) {
        return isCurrency(rule, source) && isCurrency(other, source);
    }

    private static boolean isCurrency(CompiledRule rule, VendorPath source) {
        return rule.bound().name.equals("currency")
                || rule.bound().name.equals("money")
                        && rule.sources().size() == 2
                        && rule.sources().get(1).equals(source);
    }

    private static boolean exclusive(CompiledRule one, CompiledRule other) {
        for (CompiledRule.Condition condition : one.conditions()) {
            for (CompiledRule.Condition against : other.conditions()) {
                if (condition.path().equals(against.path())
                        && !condition.values().contains("*")
                        && !against.values().contains("*")
                        && condition.values().stream().noneMatch(against.values()::contains)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Every part that a rule touches must have what it cannot be without. */
    private void complete(Part part, String path, boolean reads) {
        if (!reads) {
            return;
        }
        for (int i = 0; i < part.shape.fields.size(); i++) {
            Shape.Field<?> field = part.shape.fields.get(i);
            Object within = part.fixed(i);
            if (field.required() && part.slot(i) < 0 && within == null) {
                problems.add(
                        0,
                        null,
                        "REQUIRED_TARGET",
                        path + " cannot be without " + field.name() + "; map it, select it or make it a constant");
            }
            String inner = part == assembly.root() ? "" : path + ".";
            if (within instanceof Part child) {
                complete(child, inner + child.step, true);
            } else if (within instanceof List<?> children) {
                for (Object each : children) {
                    if (each instanceof Part child) {
                        complete(child, inner + child.step, true);
                    }
                }
            }
        }
    }

    private void vendorComplete(List<CompiledRule> rules, boolean writes) {
        if (!writes) {
            return;
        }
        Set<String> written = new HashSet<>();
        rules.stream()
                .filter(rule -> rule.direction().writes())
                .forEach(rule -> rule.sources().forEach(source -> written.add(source.declared())));
        declared.forEach((path, field) -> {
            if (field.required() && field.writable() && !written.contains(path)) {
                problems.add(
                        places.key("vendor"),
                        path,
                        "REQUIRED_TARGET",
                        "the vendor requires the field and no rule writes it");
            }
        });
    }

    private void unmapped(List<CompiledRule> rules) {
        Set<String> used = new LinkedHashSet<>();
        rules.forEach(rule -> {
            rule.sources().forEach(source -> used.add(source.declared()));
            rule.conditions().forEach(condition -> used.add(condition.path().declared()));
        });
        new TreeMap<>(declared).forEach((path, field) -> {
            if (!used.contains(path)) {
                warnings.add("UNMAPPED " + path + ": declared, but no rule uses it; it is carried through");
            }
        });
    }

    private void warn(CompiledRule rule, String message) {
        warnings.add(rule.label() + ": " + message);
    }

    private void problem(int number, MappingRule rule, String code, String message) {
        problems.add(places.rule(number), rule.label(), code, message);
    }
}
