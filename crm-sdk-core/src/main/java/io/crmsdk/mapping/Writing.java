package io.crmsdk.mapping;

import io.crmsdk.CrmException;
import io.crmsdk.quality.Action;
import io.crmsdk.quality.Certainty;
import io.crmsdk.quality.Finding;
import io.crmsdk.quality.FindingCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One record while it is written: only what differs from the base, or all of it without one. Used by one thread. */
final class Writing {
    private final WritePlan writes;
    private final @Nullable Object[] slots;
    private final @Nullable Object @Nullable [] base;
    private final @Nullable MappedRecord vendor;
    private final @Nullable Object[] leaves;
    private @Nullable Map<String, Object> tree;
    private @Nullable List<Finding> findings;
    private @Nullable List<WritePlan.Step> withheld;

    private Writing(Plan plan, Object record, @Nullable Object baseRecord, @Nullable MappedRecord vendor) {
        this.writes = plan.writes;
        this.slots = exploded(plan, record);
        this.vendor = vendor;
        this.base = baseRecord != null ? exploded(plan, baseRecord) : vendor != null ? new Object[slots.length] : null;
        this.leaves = new Object[writes.size()];
    }

    private static @Nullable Object[] exploded(Plan plan, Object record) {
        @Nullable Object[] slots = new Object[plan.template.length];
        plan.root.explode(record, slots);
        return slots;
    }

    /**
     * @param baseRecord what both sides last agreed on, as our record; null for a new one
     * @param vendor what the vendor last sent, for the texts that are there; null if not known
     */
    static VendorRecord write(Plan plan, Object record, @Nullable Object baseRecord, @Nullable MappedRecord vendor) {
        Writing writing = new Writing(plan, record, baseRecord, vendor);
        for (WritePlan.Step step : plan.writes.steps) {
            if (!step.conditional() || writing.applies(step.rule())) {
                writing.step(step);
            } else {
                writing.withhold(step);
            }
        }
        writing.sayWithheld();
        List<Finding> found = writing.findings;
        return new VendorRecord(plan.writes, writing.leaves, found == null ? List.of() : List.copyOf(found), vendor);
    }

    private void withhold(WritePlan.Step step) {
        int slot = slot(step);
        Object value = slots[slot];
        if (value != null && (base == null || !Objects.equals(value, base[slot]))) {
            List<WritePlan.Step> list = withheld;
            if (list == null) {
                list = new ArrayList<>(2);
                withheld = list;
            }
            list.add(step);
        }
    }

    private static int slot(WritePlan.Step step) {
        Part items = step.target().items();
        return items == null ? step.target().slot() : items.items();
    }

    /** A value that another rule has taken out is not missing; of one that none took, the first rule says why. */
    private void sayWithheld() {
        List<WritePlan.Step> list = withheld;
        if (list == null) {
            return;
        }
        Set<Target> said = new HashSet<>();
        for (WritePlan.Step step : list) {
            if (!elsewhere(step.target()) && said.add(step.target())) {
                CompiledRule rule = step.rule();
                add(new Finding(
                        rule.source(),
                        rule.label(),
                        FindingCode.CONDITION,
                        Certainty.CERTAIN,
                        Action.REJECT,
                        "",
                        null,
                        "its when does not hold: " + unmet(rule) + "; it was not written"));
            }
        }
    }

    private boolean elsewhere(Target target) {
        for (WritePlan.Step step : writes.steps) {
            if (step.target().equals(target) && (!step.conditional() || applies(step.rule()))) {
                return true;
            }
        }
        return false;
    }

    private static String unmet(CompiledRule rule) {
        StringBuilder out = new StringBuilder();
        for (CompiledRule.Condition condition : rule.conditions()) {
            out.append(out.isEmpty() ? "" : ", ")
                    .append(condition.path())
                    .append(" is to be ")
                    .append(String.join(" or ", condition.values()));
        }
        return out.toString();
    }

    private boolean applies(CompiledRule rule) {
        for (CompiledRule.Condition condition : rule.conditions()) {
            if (condition.path().each() || !condition.holds(written(condition.path()))) {
                return false;
            }
        }
        return true;
    }

    /** What the vendor's field will hold: what is written now, or else what is there. */
    private @Nullable String written(VendorPath path) {
        Integer leaf = writes.paths.indexOf(path.toString());
        Object value = leaf >= 0 ? leaves[leaf] : null;
        if (value == null) {
            value = JsonTree.follow(tree(), path.steps());
        }
        if (value == null || !JsonTree.isScalar(value)) {
            return null;
        }
        Scalar scalar = Scalar.of(value);
        return scalar.kind() == Scalar.Kind.NULL ? null : scalar.text();
    }

    private Map<String, Object> tree() {
        Map<String, Object> known = tree;
        if (known == null) {
            known = vendor == null ? Map.of() : vendor.tree();
            tree = known;
        }
        return known;
    }

    private void step(WritePlan.Step step) {
        Target target = step.target();
        if (target.items() != null) {
            items(step, target.items());
            return;
        }
        Object value = slots[target.slot()];
        if (base != null && Objects.equals(value, base[target.slot()])) {
            return;
        }
        if (value == null) {
            if (base != null) {
                clear(step);
            }
            return;
        }
        if (step.each() && value instanceof List<?> texts) {
            collected(step, texts);
            return;
        }
        if (step.single() && vendor == null) {
            one(step, value);
        } else {
            several(step, value);
        }
    }

    /** The common case: one field, and nothing of the vendor's to be kept. */
    private void one(WritePlan.Step step, Object value) {
        CompiledRule rule = step.rule();
        try {
            // Of several rules that write parts of one text, each continues where the other stopped.
            String before = step.plain() && leaves[step.leaves()[0]] instanceof String there ? there : null;
            String text = fitted(rule, rule.fields().get(0), rule.bound().put(before, value));
            if (text != null) {
                set(step, 0, text, step.kinds()[0]);
            }
        } catch (CrmException | IllegalArgumentException e) {
            refuse(rule, e);
        }
    }

    private void several(WritePlan.Step step, Object value) {
        CompiledRule rule = step.rule();
        int size = rule.sources().size();
        @Nullable Scalar[] old = new @Nullable Scalar[size];
        @Nullable String[] texts = new @Nullable String[size];
        for (int i = 0; i < size; i++) {
            old[i] = old(rule.sources().get(i));
            texts[i] = old[i] == null || old[i].kind() == Scalar.Kind.NULL ? null : old[i].text();
        }
        try {
            @Nullable
            String[] written = size == 1
                    ? new @Nullable String[] {rule.bound().put(texts[0], value)}
                    : rule.bound().put(texts, value);
            for (int i = 0; i < size; i++) {
                write(step, i, i < written.length ? written[i] : null, old[i]);
            }
        } catch (CrmException | IllegalArgumentException e) {
            refuse(rule, e);
        }
    }

    private void write(WritePlan.Step step, int i, @Nullable String text, @Nullable Scalar old) {
        CompiledRule rule = step.rule();
        if (text == null) {
            if (old != null && old.kind() != Scalar.Kind.NULL && !old.text().isEmpty()) {
                clear(step, i);
            }
            return;
        }
        String fitted = fitted(rule, rule.fields().get(i), text);
        if (fitted == null || old != null && old.kind() != Scalar.Kind.NULL && fitted.equals(old.text())) {
            return;
        }
        Scalar.Kind kind =
                step.declared()[i] || old == null || old.kind() == Scalar.Kind.NULL ? step.kinds()[i] : old.kind();
        set(step, i, fitted, kind);
    }

    private @Nullable Scalar old(VendorPath path) {
        if (vendor == null) {
            return null;
        }
        // Of several rules that write parts of one text, each continues where the other stopped.
        int leaf = path.plain() ? writes.paths.indexOf(path.toString()) : -1;
        Object value = leaf >= 0 && leaves[leaf] != null ? leaves[leaf] : JsonTree.follow(current(path), List.of());
        return value == null || !JsonTree.isScalar(value) ? null : Scalar.of(value);
    }

    private @Nullable Object current(VendorPath path) {
        return JsonTree.follow(tree(), path.steps());
    }

    /** The text as far as the vendor's field takes it; null if it is not written at all. */
    private @Nullable String fitted(CompiledRule rule, @Nullable VendorField field, String text) {
        if (field == null || field.length() == 0 || field.unit().of(text) <= field.length()) {
            return text;
        }
        boolean cut = rule.rule().tooLong() == TooLong.TRUNCATE_WITH_AUDIT;
        String shorter = cut
                ? text.substring(0, field.unit().fitting(text, field.length())).stripTrailing()
                : null;
        add(new Finding(
                field.path(),
                rule.label(),
                FindingCode.LENGTH,
                Certainty.CERTAIN,
                cut ? Action.REPAIR_FLAGGED : Action.REJECT,
                text,
                shorter,
                "the vendor's field takes " + field.length() + ", the text has "
                        + field.unit().of(text) + (cut ? "; the rest was cut" : "; it was not written")));
        return shorter;
    }

    private void clear(WritePlan.Step step) {
        for (int i = 0; i < step.leaves().length; i++) {
            clear(step, i);
        }
    }

    private void clear(WritePlan.Step step, int i) {
        CompiledRule rule = step.rule();
        VendorField field = rule.fields().get(i);
        if (rule.clearing() != Clearing.OMIT && field != null && field.required()) {
            add(new Finding(
                    field.path(),
                    rule.label(),
                    FindingCode.REQUIRED,
                    Certainty.CERTAIN,
                    Action.REJECT,
                    "",
                    null,
                    "the vendor requires a value; it was not emptied"));
            return;
        }
        switch (rule.clearing()) {
            case NULL -> place(step, i, Scalar.NULL);
            case BLANK -> place(step, i, "");
            case FALSE -> place(step, i, Scalar.FALSE);
            case OMIT -> {}
        }
    }

    private void set(WritePlan.Step step, int i, String text, Scalar.Kind kind) {
        place(step, i, typed(text, kind));
    }

    private static Object typed(String text, Scalar.Kind kind) {
        return switch (kind) {
            case NUMBER -> isJsonNumber(text) ? new Scalar(text, kind) : text;
            case BOOLEAN -> text.equals("true") ? Scalar.TRUE : text.equals("false") ? Scalar.FALSE : text;
            default -> text;
        };
    }

    /** JSON takes neither a plus nor leading zeros; what has them is written as text rather than changed. */
    private static boolean isJsonNumber(String text) {
        if (!Converters.isDecimal(text, 400) || text.charAt(0) == '+') {
            return false;
        }
        int first = text.charAt(0) == '-' ? 1 : 0;
        return text.charAt(first) != '0' || first + 1 == text.length() || text.charAt(first + 1) == '.';
    }

    private void place(WritePlan.Step step, int i, Object value) {
        int leaf = step.leaves()[i];
        if (step.plain()) {
            leaves[leaf] = value;
            return;
        }
        VendorPath path = step.rule().sources().get(i);
        if (path.plain()) {
            leaves[leaf] = value;
            return;
        }
        Object list = leaves[leaf];
        if (list == null) {
            list = copy(JsonTree.follow(tree(), WritePlan.plainPrefix(path).steps()));
            list = list instanceof List ? list : new ArrayList<>();
            leaves[leaf] = list;
        }
        List<VendorPath.Step> steps = path.steps();
        int first = 0;
        while (steps.get(first).plain()) {
            first++;
        }
        edit(list, steps.subList(first, steps.size()), value);
    }

    /** Sets a value within a list, whose item is picked by the first step; items that are not there are made. */
    @SuppressWarnings("unchecked")
    private static void edit(Object list, List<VendorPath.Step> steps, Object value) {
        VendorPath.Step pick = steps.get(0);
        List<Object> items = (List<Object>) list;
        Object scalar = value instanceof String text ? new Scalar(text, Scalar.Kind.TEXT) : value;
        int index = pick.index() >= 0 ? pick.index() : indexOf(items, pick);
        while (items.size() <= index) {
            items.add(steps.size() == 1 ? Scalar.NULL : new LinkedHashMap<String, Object>());
        }
        if (index < 0) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put(String.valueOf(pick.key()), new Scalar(String.valueOf(pick.value()), Scalar.Kind.TEXT));
            items.add(item);
            index = items.size() - 1;
        }
        if (steps.size() == 1) {
            items.set(index, scalar);
            return;
        }
        Map<String, Object> at;
        if (items.get(index) instanceof Map<?, ?> map) {
            at = (Map<String, Object>) map;
        } else {
            at = new LinkedHashMap<>();
            items.set(index, at);
        }
        for (int i = 1; i < steps.size(); i++) {
            VendorPath.Step step = steps.get(i);
            boolean last = i == steps.size() - 1;
            if (last && step.plain()) {
                at.put(step.name(), scalar);
            } else if (step.plain()) {
                at = (Map<String, Object>) at.compute(
                        step.name(),
                        (name, there) -> there instanceof Map ? there : new LinkedHashMap<String, Object>());
            } else {
                Object inner =
                        at.compute(step.name(), (name, there) -> there instanceof List ? there : new ArrayList<>());
                List<VendorPath.Step> rest = new ArrayList<>(steps.subList(i, steps.size()));
                edit(Objects.requireNonNull(inner), rest, value);
                return;
            }
        }
    }

    private static int indexOf(List<Object> items, VendorPath.Step pick) {
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof Map<?, ?> map
                    && pick.key() != null
                    && map.get(pick.key()) instanceof Scalar key
                    && key.text().equals(pick.value())) {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable Object copy(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> out = new LinkedHashMap<>();
            map.forEach((name, inner) -> out.put((String) name, Objects.requireNonNullElse(copy(inner), Scalar.NULL)));
            return out;
        }
        if (value instanceof List<?> list) {
            List<Object> out = new ArrayList<>(list.size());
            list.forEach(item -> out.add(Objects.requireNonNullElse(copy(item), Scalar.NULL)));
            return out;
        }
        return value == null ? null : Scalar.of(value);
    }

    /** A list of texts becomes a list of theirs, each text at its place in an item. */
    private void collected(WritePlan.Step step, List<?> texts) {
        CompiledRule rule = step.rule();
        List<Object> out = new ArrayList<>(texts.size());
        List<VendorPath.Step> within = Plan.withinItem(rule.sources().get(0));
        try {
            for (Object text : texts) {
                Object scalar = asScalar(rule.bound().put((String) null, text), step.kinds()[0]);
                out.add(within.isEmpty() ? scalar : nested(within, scalar));
            }
            leaves[step.leaves()[0]] = out;
        } catch (CrmException | IllegalArgumentException e) {
            refuse(rule, e);
        }
    }

    private static Object asScalar(String text, Scalar.Kind kind) {
        Object typed = typed(text, kind);
        return typed instanceof String plain ? new Scalar(plain, Scalar.Kind.TEXT) : typed;
    }

    private static Object nested(List<VendorPath.Step> steps, Object value) {
        Object inner = value;
        for (int i = steps.size() - 1; i >= 0; i--) {
            Map<String, Object> outer = new LinkedHashMap<>();
            outer.put(steps.get(i).name(), inner);
            inner = outer;
        }
        return inner;
    }

    /** Items of our list become items of theirs; one that was there before keeps what no rule knows. */
    @SuppressWarnings("unchecked")
    private void items(WritePlan.Step step, Part part) {
        if (!(slots[part.items()] instanceof List<?> ours)) {
            return;
        }
        List<?> before = base != null && base[part.items()] instanceof List<?> list ? list : List.of();
        if (base != null && sameItems(ours, before)) {
            return;
        }
        int leaf = step.leaves()[0];
        if (leaves[leaf] == null) {
            Object there = vendor == null
                    ? null
                    : JsonTree.follow(
                            tree(),
                            WritePlan.plainPrefix(step.rule().sources().get(0)).steps());
            List<Object> made = new ArrayList<>(ours.size());
            for (Object item : ours) {
                int index = indexOfItem(before, (Object[]) item);
                Object known = index >= 0 && there instanceof List<?> theirs && index < theirs.size()
                        ? copy(theirs.get(index))
                        : null;
                made.add(known instanceof Map ? known : new LinkedHashMap<String, Object>());
            }
            leaves[leaf] = made;
        }
        List<Object> made = (List<Object>) Objects.requireNonNull(leaves[leaf]);
        CompiledRule rule = step.rule();
        for (int i = 0; i < ours.size(); i++) {
            Object value = ((Object[]) ours.get(i))[rule.field().slot()];
            if (value != null && made.get(i) instanceof Map) {
                item(step, (Map<String, Object>) made.get(i), value);
            }
        }
    }

    private void item(WritePlan.Step step, Map<String, Object> item, Object value) {
        CompiledRule rule = step.rule();
        VendorPath source = rule.sources().get(0);
        List<VendorPath.Step> within = Plan.withinItem(source);
        try {
            Object old = JsonTree.follow(item, within);
            String was = old instanceof Scalar scalar && scalar.kind() != Scalar.Kind.NULL ? scalar.text() : null;
            @Nullable String[] olds = new @Nullable String[rule.sources().size()];
            olds[0] = was;
            String text = rule.sources().size() == 1
                    ? rule.bound().put(was, value)
                    : rule.bound().put(olds, value)[0];
            if (text != null) {
                Map<String, Object> at = item;
                for (VendorPath.Step each : within.subList(0, within.size() - 1)) {
                    Object inner = at.computeIfAbsent(each.name(), name -> new LinkedHashMap<String, Object>());
                    if (!(inner instanceof Map)) {
                        return;
                    }
                    at = cast(inner);
                }
                at.put(within.get(within.size() - 1).name(), asScalar(text, step.kinds()[0]));
            }
        } catch (CrmException | IllegalArgumentException e) {
            refuse(rule, e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> cast(Object map) {
        return (Map<String, Object>) map;
    }

    private static boolean sameItems(List<?> ours, List<?> before) {
        return ours.size() == before.size() && Arrays.deepEquals(ours.toArray(), before.toArray());
    }

    private static int indexOfItem(List<?> before, @Nullable Object[] item) {
        for (int i = 0; i < before.size(); i++) {
            if (Arrays.deepEquals((Object[]) before.get(i), item)) {
                return i;
            }
        }
        return -1;
    }

    private void refuse(CompiledRule rule, RuntimeException e) {
        add(new Finding(
                rule.source(),
                rule.label(),
                Reading.code(e),
                Certainty.CERTAIN,
                Action.REJECT,
                "",
                null,
                Reading.message(e) + "; it was not written"));
    }

    private void add(Finding finding) {
        List<Finding> list = findings;
        if (list == null) {
            list = new ArrayList<>(2);
            findings = list;
        }
        list.add(finding);
    }
}
