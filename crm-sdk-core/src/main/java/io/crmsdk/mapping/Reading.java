package io.crmsdk.mapping;

import io.crmsdk.CrmException;
import io.crmsdk.model.Coded;
import io.crmsdk.model.Customer;
import io.crmsdk.model.CustomerEmail;
import io.crmsdk.model.CustomerPhone;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.ModelException;
import io.crmsdk.model.PhoneNumber;
import io.crmsdk.quality.Action;
import io.crmsdk.quality.Cell;
import io.crmsdk.quality.Certainty;
import io.crmsdk.quality.Finding;
import io.crmsdk.quality.FindingCode;
import io.crmsdk.quality.Judge;
import io.crmsdk.quality.JudgeContext;
import io.crmsdk.quality.Judged;
import io.crmsdk.quality.OptOut;
import io.crmsdk.time.UtcClock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One record while it is read: slots, kept values, findings and signals. Used by one thread and thrown away. */
final class Reading {
    private static final String RECORD = "record";

    final Plan plan;
    final @Nullable Object[] slots;
    final @Nullable Object[] kept;
    private @Nullable List<Finding> findings;
    private @Nullable List<Said> said;
    private @Nullable List<Object> further;
    private @Nullable JudgeContext context;
    private boolean rejected;

    /** Kept where a rule that needs more than one value finds an object or a list in place of one of them. */
    record Misfit(String found) {}

    private record Said(CompiledRule rule, OptOut state, String field, String raw) {}

    Reading(Plan plan) {
        this.plan = plan;
        this.slots = plan.template.clone();
        this.kept = plan.kept == 0 ? NOTHING : new Object[plan.kept];
    }

    private static final @Nullable Object[] NOTHING = {};

    // ---- single values

    /** Takes a text, number or boolean of the vendor. */
    void take(CompiledRule rule, String text, Scalar.Kind kind, @Nullable Object[] into, String field) {
        take(rule, rule.bound(), text, kind, into, field);
    }

    /** The same with the converter of the column that stands for the field in a sheet. */
    void take(CompiledRule rule, Bound bound, String text, Scalar.Kind kind, @Nullable Object[] into, String field) {
        if (kind == Scalar.Kind.NULL
                || !rule.nullWords().isEmpty() && rule.nullWords().contains(text)) {
            takeNothing(rule, rule.nulls(), into);
        } else if (isBlank(text)) {
            takeNothing(rule, rule.blank(), into);
        } else {
            convert(rule, bound, text, kind, into, field);
        }
    }

    /** Most texts begin with a letter or digit, and need no closer look. */
    private static boolean isBlank(String text) {
        if (text.isEmpty()) {
            return true;
        }
        char first = text.charAt(0);
        return (first <= ' ' || first >= 0x80) && text.isBlank();
    }

    void takeNothing(CompiledRule rule, Absence meaning, @Nullable Object[] into) {
        Target target = rule.target();
        if (target != null && meaning == Absence.NULL) {
            into[target.slot()] = Part.NULL;
        }
    }

    private void convert(
            CompiledRule rule, Bound bound, String text, Scalar.Kind kind, @Nullable Object[] into, String field) {
        Judge<?> judge = bound.judge;
        if (judge != null) {
            OptOut plain = kind == Scalar.Kind.BOOLEAN && bound instanceof OptOutConverter optOut
                    ? optOut.of(text.equals("true"))
                    : null;
            if (plain != null) {
                say(rule, plain, field, text);
            } else {
                judge(rule, judge, cell(text, kind), context(), into, field);
            }
            return;
        }
        Target target = rule.target();
        if (target == null) {
            return;
        }
        if (kind != Scalar.Kind.TEXT && isNoId(target, bound, text, kind)) {
            refuse(rule, new ConversionFault("TYPE", "an id is a text or a whole number"), text, into, field);
            return;
        }
        try {
            Object value = bound.get(text);
            into[target.slot()] = value == null ? nothing(rule.blank()) : value;
        } catch (CrmException | IllegalArgumentException | ArithmeticException e) {
            refuse(rule, e, text, into, field);
        }
    }

    /** True, false and 12.0 are texts too, but as ids they would name one and the same record, or one that nobody has. */
    private static boolean isNoId(Target target, Bound bound, String text, Scalar.Kind kind) {
        return bound.isId()
                && target.type().kind() == Type.Kind.EXACT
                && (kind == Scalar.Kind.BOOLEAN || text.indexOf('.') >= 0);
    }

    private static @Nullable Object nothing(Absence meaning) {
        return meaning == Absence.NULL ? Part.NULL : null;
    }

    private static Cell cell(String text, Scalar.Kind kind) {
        return switch (kind) {
            case NUMBER -> Cell.number(text, null);
            case BOOLEAN -> Cell.bool(text.equals("true"));
            default -> Cell.text(text);
        };
    }

    /** The day of reading; nothing else is known outside a sheet. */
    private JudgeContext context() {
        JudgeContext known = context;
        if (known == null) {
            known = JudgeContext.on(
                    UtcClock.system().instant().atZone(ZoneOffset.UTC).toLocalDate());
            context = known;
        }
        return known;
    }

    /** Takes what a judge makes of a cell; gives it back, since a sheet's reader may move a value. */
    Judged<?> judge(
            CompiledRule rule, Judge<?> judge, Cell cell, JudgeContext with, @Nullable Object[] into, String field) {
        Judged<?> judged = judge.judge(cell, with);
        for (Finding finding : judged.findings()) {
            add(finding.at(field, rule.label()));
        }
        Object value = judged.value();
        if (rule.consent() != null) {
            if (value instanceof OptOut state) {
                say(rule, state, field, cell.text());
            }
            return judged;
        }
        Target target = rule.field();
        if (value != null) {
            into[target.slot()] = value;
            more(target, judged.others());
        } else if (judged.rejected()) {
            keepOrRefuse(rule, cell.text(), into);
        } else {
            takeNothing(rule, rule.blank(), into);
        }
        return judged;
    }

    /** Further phone numbers and addresses that stood in the same cell. */
    private void more(Target target, List<?> others) {
        if (target.items() == null) {
            others.forEach(this::further);
        }
    }

    /** A phone number or address that no field of its own has room for. */
    void further(Object value) {
        List<Object> list = further;
        if (list == null) {
            list = new ArrayList<>(2);
            further = list;
        }
        list.add(value);
    }

    private void say(CompiledRule rule, OptOut state, String field, String raw) {
        List<Said> list = said;
        if (list == null) {
            list = new ArrayList<>(2);
            said = list;
        }
        list.add(new Said(rule, state, field, raw));
    }

    private void refuse(CompiledRule rule, RuntimeException e, String raw, @Nullable Object[] into, String field) {
        boolean kept = keepOrRefuse(rule, raw, into);
        add(new Finding(
                field,
                rule.label(),
                code(e),
                Certainty.CERTAIN,
                kept ? Action.FLAG_KEEP : Action.REJECT,
                raw,
                null,
                message(e)));
    }

    /** Whether the raw text was kept in the field. */
    private boolean keepOrRefuse(CompiledRule rule, String raw, @Nullable Object[] into) {
        switch (rule.rule().onError()) {
            case REJECT_FIELD -> {}
            case REJECT_RECORD -> rejected = true;
            case KEEP_RAW -> {
                Target target = rule.field();
                Object value = unread(target.type(), raw);
                if (value != null) {
                    into[target.slot()] = value;
                    return true;
                }
            }
        }
        return false;
    }

    private static @Nullable Object unread(Type type, String raw) {
        try {
            return switch (type.kind()) {
                case PHONE -> PhoneNumber.unread(raw);
                case CODED -> Coded.other(raw);
                case ATTRIBUTE -> raw;
                default -> null;
            };
        } catch (ModelException e) {
            return null;
        }
    }

    static String code(RuntimeException e) {
        return e instanceof CrmException crm ? crm.code() : FindingCode.INVALID;
    }

    static String message(RuntimeException e) {
        if (e instanceof ConversionFault fault) {
            return fault.reason();
        }
        if (e instanceof CrmException crm) {
            String text = String.valueOf(crm.getMessage());
            return text.startsWith(crm.code() + ": ")
                    ? text.substring(crm.code().length() + 2)
                    : text;
        }
        return "the converter refused the value";
    }

    /** A value of a Java type that has no exact text. */
    void refuseValue(CompiledRule rule, ConversionFault fault, String field) {
        refuse(rule, fault, "", slots, field);
    }

    /** An object or a list where one value was expected. */
    void refuseShape(CompiledRule rule, String found, String field) {
        add(new Finding(
                field,
                rule.label(),
                "TYPE",
                Certainty.CERTAIN,
                Action.REJECT,
                found,
                null,
                "expected one value, got " + found));
        if (rule.rule().onError() == OnError.REJECT_RECORD) {
            rejected = true;
        }
    }

    // ---- rules that need more than one value

    /** Runs what had to wait until all names were read, and makes the record. */
    void finish() {
        for (CompiledRule rule : plan.deferred) {
            if (holds(rule, null)) {
                defer(rule);
            } else {
                undecided(rule);
            }
        }
        for (Plan.ItemGroup group : plan.groups) {
            items(group);
        }
        for (CompiledRule rule : plan.finishing) {
            Target target = rule.field();
            if (slots[target.slot()] == null && rule.fallback() != null) {
                slots[target.slot()] = rule.fallback();
            }
            boolean there = slots[target.slot()] != null && slots[target.slot()] != Part.NULL;
            if (rule.rule().required() && !there && holds(rule, null)) {
                refuseRecord(rule.source(), rule.label(), FindingCode.REQUIRED, "a value is required");
            }
        }
    }

    private boolean holds(CompiledRule rule, @Nullable Object item) {
        for (CompiledRule.Condition condition : rule.conditions()) {
            Object value = condition.path().each()
                    ? JsonTree.follow(item, Plan.withinItem(condition.path()))
                    : value(plan.locator(condition.path()));
            Scalar scalar = value == null || !JsonTree.isScalar(value) ? null : scalar(value);
            if (scalar == null || scalar.kind() == Scalar.Kind.NULL || !condition.holds(scalar.text())) {
                return false;
            }
        }
        return true;
    }

    /** A condition that an object or a list neither meets nor fails, where there is a value that waits for it. */
    private void undecided(CompiledRule rule) {
        if (rule.sources().stream().allMatch(source -> source.each() || value(plan.locator(source)) == null)) {
            return;
        }
        for (CompiledRule.Condition condition : rule.conditions()) {
            Object value = condition.path().each() ? null : value(plan.locator(condition.path()));
            String found = value == null ? null : misfit(value);
            if (found != null) {
                refuseShape(rule, found, condition.path().toString());
                return;
            }
        }
    }

    /** What stands where one value was expected; null if it is one value. */
    private static @Nullable String misfit(Object value) {
        if (value instanceof Misfit misfit) {
            return misfit.found();
        }
        return value instanceof Map ? "an object" : value instanceof List ? "a list" : null;
    }

    private static @Nullable Scalar scalar(Object value) {
        try {
            return Scalar.of(value);
        } catch (ConversionFault e) {
            return null;
        }
    }

    private @Nullable Object value(Plan.Locator locator) {
        return JsonTree.follow(kept[locator.keep()], locator.rest());
    }

    private void defer(CompiledRule rule) {
        if (rule.sources().size() > 1) {
            several(rule, null, slots);
            return;
        }
        VendorPath source = rule.sources().get(0);
        if (source.each()) {
            collect(rule, source);
            return;
        }
        Object value = value(plan.locator(source));
        if (value != null) {
            one(rule, value, slots, source.toString());
        }
    }

    private void one(CompiledRule rule, Object value, @Nullable Object[] into, String field) {
        String misfit = misfit(value);
        if (misfit != null) {
            refuseShape(rule, misfit, field);
            return;
        }
        try {
            Scalar scalar = Scalar.of(value);
            take(rule, scalar.text(), scalar.kind(), into, field);
        } catch (ConversionFault e) {
            refuse(rule, e, String.valueOf(value), into, field);
        }
    }

    /** Each text of a vendor's list becomes one of ours. */
    private void collect(CompiledRule rule, VendorPath source) {
        Object list = value(plan.locator(Plan.listOf(source)));
        if (!(list instanceof List<?> items)) {
            if (list != null) {
                one(rule, list, slots, source.toString());
            }
            return;
        }
        List<Object> texts = new ArrayList<>(items.size());
        @Nullable Object[] into = slots.clone();
        for (Object item : items) {
            Object value = JsonTree.follow(item, Plan.withinItem(source));
            into[rule.field().slot()] = null;
            if (value != null) {
                one(rule, value, into, source.toString());
            }
            Object text = into[rule.field().slot()];
            if (text != null && text != Part.NULL) {
                texts.add(text);
            }
        }
        slots[rule.field().slot()] = List.copyOf(texts);
    }

    private void several(CompiledRule rule, @Nullable Object item, @Nullable Object[] into) {
        int size = rule.sources().size();
        @Nullable String[] texts = new @Nullable String[size];
        boolean any = false;
        boolean saidNull = false;
        for (int i = 0; i < size; i++) {
            VendorPath source = rule.sources().get(i);
            Object value = source.each() ? JsonTree.follow(item, Plan.withinItem(source)) : value(plan.locator(source));
            String misfit = value == null ? null : misfit(value);
            if (misfit != null) {
                refuseShape(rule, misfit, source.toString());
                return;
            }
            Scalar scalar = value == null ? null : scalar(value);
            if (scalar == null) {
                continue;
            }
            boolean isNull =
                    scalar.kind() == Scalar.Kind.NULL || rule.nullWords().contains(scalar.text());
            if (isNull || scalar.text().isBlank()) {
                saidNull |= (isNull ? rule.nulls() : rule.blank()) == Absence.NULL;
            } else {
                texts[i] = scalar.text();
                any = true;
            }
        }
        if (!any) {
            takeNothing(rule, saidNull ? Absence.NULL : Absence.ABSENT, into);
            return;
        }
        try {
            Object value = rule.bound().get(texts);
            into[rule.field().slot()] = value == null ? nothing(saidNull ? Absence.NULL : Absence.ABSENT) : value;
        } catch (CrmException | IllegalArgumentException | ArithmeticException e) {
            refuse(rule, e, raw(texts), into, rule.source());
        }
    }

    private static String raw(@Nullable String[] texts) {
        StringBuilder out = new StringBuilder();
        for (String text : texts) {
            out.append(out.isEmpty() ? "" : " | ").append(text == null ? "" : text);
        }
        return out.toString();
    }

    private void items(Plan.ItemGroup group) {
        if (!(value(group.list()) instanceof List<?> list)) {
            return;
        }
        List<Object> made = new ArrayList<>(list.size());
        for (Object item : list) {
            @Nullable Object[] into = new Object[group.part().itemSlots()];
            for (CompiledRule rule : group.rules()) {
                item(rule, item, into);
            }
            made.add(into);
        }
        slots[group.part().items()] = made;
    }

    private void item(CompiledRule rule, Object item, @Nullable Object[] into) {
        if (!holds(rule, item)) {
            return;
        }
        if (rule.sources().size() > 1) {
            several(rule, item, into);
        } else {
            VendorPath source = rule.sources().get(0);
            Object value = JsonTree.follow(item, Plan.withinItem(source));
            if (value != null) {
                one(rule, value, into, source.toString());
            }
        }
        Object value = into[rule.field().slot()];
        if (value == null && rule.fallback() != null) {
            into[rule.field().slot()] = rule.fallback();
        } else if ((value == null || value == Part.NULL) && rule.rule().required()) {
            refuseRecord(rule.source(), rule.label(), FindingCode.REQUIRED, "a value is required");
        }
    }

    // ---- the result

    void refuseRecord(String field, String label, String code, String message) {
        rejected = true;
        add(new Finding(field, label, code, Certainty.CERTAIN, Action.REJECT, "", null, message));
    }

    void add(Finding finding) {
        List<Finding> list = findings;
        if (list == null) {
            list = new ArrayList<>(4);
            findings = list;
        }
        list.add(finding);
    }

    MappedRecord record(@Nullable Object source) {
        return record(source, null);
    }

    /** The record of a row, with the columns that no rule reads. */
    MappedRecord record(@Nullable Object source, @Nullable List<String> unread) {
        Object made = make();
        return new MappedRecord(
                plan,
                slots,
                rejected ? null : made,
                findings == null ? List.of() : List.copyOf(findings),
                signals(),
                source,
                unread);
    }

    private @Nullable Object make() {
        String missing = plan.root.missing(slots);
        if (missing != null) {
            refuseRecord("", missing, FindingCode.REQUIRED, "a record cannot be without it");
            return null;
        }
        try {
            return withFurther(plan.root.shape.make(plan.root, slots));
        } catch (ModelException e) {
            return makeWithout(e);
        }
    }

    private Object withFurther(Object made) {
        List<Object> list = further;
        if (list == null || !(made instanceof Customer customer)) {
            return made;
        }
        Customer.Builder more = customer.toBuilder();
        for (Object other : list) {
            if (other instanceof PhoneNumber number) {
                more.addPhone(CustomerPhone.of(number));
            } else if (other instanceof EmailAddress address) {
                more.addEmail(CustomerEmail.of(address));
            }
        }
        return more.build();
    }

    /** Finds the value that the model refuses, by leaving one out at a time, and gives the record without it. */
    private @Nullable Object makeWithout(ModelException first) {
        ModelException refused = first;
        for (int attempt = 0; attempt < plan.rules.size(); attempt++) {
            CompiledRule culprit = culprit(refused);
            if (culprit == null) {
                break;
            }
            Target target = culprit.field();
            Object value = slots[target.slot()];
            slots[target.slot()] = null;
            refuse(culprit, refused, rawOf(value), slots, culprit.source());
            try {
                return plan.root.shape.make(plan.root, slots);
            } catch (ModelException e) {
                refused = e;
            }
        }
        refuseRecord("", RECORD, refused.code(), message(refused));
        return null;
    }

    private static String rawOf(@Nullable Object value) {
        return value instanceof String text ? text : value == null ? "" : String.valueOf(value);
    }

    private @Nullable CompiledRule culprit(ModelException refused) {
        String last = refused.field().substring(refused.field().lastIndexOf('.') + 1);
        List<CompiledRule> candidates = new ArrayList<>();
        for (CompiledRule rule : plan.rules) {
            Target target = rule.target();
            if (target != null && target.items() == null && rule.direction().reads() && slots[target.slot()] != null) {
                candidates.add(target.path().endsWith(last) ? 0 : candidates.size(), rule);
            }
        }
        for (CompiledRule candidate : candidates) {
            int slot = candidate.field().slot();
            Object value = slots[slot];
            slots[slot] = null;
            boolean cured = cured(refused);
            slots[slot] = value;
            if (cured) {
                return candidate;
            }
        }
        return null;
    }

    private boolean cured(ModelException refused) {
        if (plan.root.missing(slots) != null) {
            return false;
        }
        try {
            plan.root.shape.make(plan.root, slots);
            return true;
        } catch (ModelException e) {
            return !Objects.equals(e.getMessage(), refused.getMessage());
        }
    }

    private List<ConsentSignal> signals() {
        List<Said> list = said;
        if (list == null) {
            return List.of();
        }
        List<ConsentSignal> signals = new ArrayList<>(list.size());
        for (Said one : list) {
            CompiledRule.Consent consent = one.rule().consent();
            if (consent != null) {
                signals.add(new ConsentSignal(
                        consent.channel(),
                        consent.scope(),
                        one.state(),
                        contactPoints(consent.channel()),
                        one.field(),
                        one.raw()));
            }
        }
        return List.copyOf(signals);
    }

    private List<String> contactPoints(ConsentSignal.Channel channel) {
        List<String> points = new ArrayList<>(2);
        boolean mail = channel == ConsentSignal.Channel.EMAIL || channel == ConsentSignal.Channel.ANY;
        boolean phone = channel == ConsentSignal.Channel.SMS
                || channel == ConsentSignal.Channel.PHONE
                || channel == ConsentSignal.Channel.FAX
                || channel == ConsentSignal.Channel.ANY;
        for (int slot : plan.contactSlots) {
            addPoint(slots[slot], mail, phone, points);
        }
        if (further != null) {
            further.forEach(value -> addPoint(value, mail, phone, points));
        }
        return List.copyOf(points);
    }

    private static void addOnce(List<String> points, String point) {
        if (!points.contains(point)) {
            points.add(point);
        }
    }

    private static void addPoint(@Nullable Object value, boolean mail, boolean phone, List<String> points) {
        if (mail && value instanceof EmailAddress address) {
            addOnce(points, address.canonical());
        } else if (phone && value instanceof PhoneNumber number && number.e164() != null) {
            addOnce(points, number.e164());
        } else if (value instanceof List<?> items) {
            for (Object item : items) {
                if (item instanceof Object[] fields) {
                    Arrays.asList(fields).forEach(field -> addPoint(field, mail, phone, points));
                }
            }
        }
    }
}
