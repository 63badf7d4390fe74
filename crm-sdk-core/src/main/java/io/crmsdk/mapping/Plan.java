package io.crmsdk.mapping;

import com.fasterxml.jackson.core.io.SerializedString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping made ready to run: a trie of the vendor's names whose leaves know what to do with a value, the slots that the values
 * go to, and the parts that make a record from them. Thread-safe, and immutable once made but for guesses at names and their order.
 */
final class Plan {
    /** One name of the vendor's record. */
    static final class Node {
        final String path;
        final int number;
        final SerializedString name;
        /** Whether no rule reads it; such a node is remembered only to be recognised. */
        final boolean stranger;

        @Nullable
        HashMap<String, Node> children;

        CompiledRule[] rules = {};
        /** Place among the kept values, for rules that need more than one value; -1 if it is not kept. */
        int keep = -1;
        /** Whether the whole value is kept as a tree, for rules that pick items of a list. */
        boolean tree;
        /**
         * Guesses from the first record that went this way: the first name within, and the name that comes next. Vendors keep
         * their order, and comparing bytes with a guess is cheaper than finding a name. A wrong or stale guess costs a look,
         * never a value, so threads may race to set it; it is set once, so that they do not for long.
         */
        private @Nullable Node first;

        private @Nullable Node next;
        /** Names within that no rule reads, as far as they were met; an object is read by those that were known at its start. */
        private volatile Strangers strangers = Strangers.NONE;

        private Node(String name, String path, int number, boolean stranger) {
            this.name = new SerializedString(name);
            this.path = path;
            this.number = number;
            this.stranger = stranger;
        }

        /** The guess at the name that comes after {@code before}, or at the first one. */
        @Nullable
        Node guess(@Nullable Node before) {
            return before == null ? first : before.next;
        }

        /** Remembers what came after {@code before}, or first, unless something is remembered. */
        void learn(@Nullable Node before, Node found) {
            if (before == null) {
                first = first == null ? found : first;
            } else if (before.next == null) {
                before.next = found;
            }
        }

        Strangers strangers() {
            return strangers;
        }

        /** The node of a name that no rule reads, which is remembered from now on; null if there are too many. */
        @Nullable
        Node meet(String name) {
            Strangers known = strangers;
            Node met = known.byName.get(name);
            if (met == null && known.hasRoomFor(name, stranger)) {
                met = new Node(name, path, known.byNumber.length, true);
                strangers = known.with(name, met);
            }
            return met;
        }

        @Nullable
        Node child(String name) {
            HashMap<String, Node> named = children;
            return named == null ? null : named.get(name);
        }
    }

    /** Names of one object that no rule reads, numbered from 0. Immutable. */
    static final class Strangers {
        private static final Strangers NONE = new Strangers(Map.of(), new Node[0]);
        /** One bit each in a long. */
        private static final int MOST = 64;

        private static final int MOST_WITHIN_ONE = 16;
        private static final int LONGEST = 100;

        private final Map<String, Node> byName;
        private final Node[] byNumber;

        private Strangers(Map<String, Node> byName, Node[] byNumber) {
            this.byName = byName;
            this.byNumber = byNumber;
        }

        /** Whether it is one of these; another thread may have met one since, or given the same number to another. */
        boolean has(Node stranger) {
            return stranger.number < byNumber.length && byNumber[stranger.number] == stranger;
        }

        private boolean hasRoomFor(String name, boolean withinOne) {
            return byNumber.length < (withinOne ? MOST_WITHIN_ONE : MOST) && name.length() <= LONGEST;
        }

        private Strangers with(String name, Node stranger) {
            Map<String, Node> names = new HashMap<>(byName);
            names.put(name, stranger);
            Node[] numbers = Arrays.copyOf(byNumber, byNumber.length + 1);
            numbers[byNumber.length] = stranger;
            return new Strangers(names, numbers);
        }
    }

    /** Where a value is found among the kept ones: a kept value and the way from there. */
    record Locator(int keep, List<VendorPath.Step> rest) {}

    /** Rules that fill one item of a list of ours from one item of a list of the vendor's. */
    record ItemGroup(Part part, Locator list, List<CompiledRule> rules) {}

    final MappingSpec spec;
    final Part root;
    final @Nullable Object[] template;
    final List<CompiledRule> rules;
    final List<String> warnings;
    final Node trie;
    final int nodes;
    final int kept;
    final CompiledRule[] deferred;
    final CompiledRule[] finishing;
    final List<ItemGroup> groups;
    final WritePlan writes;
    final boolean hasNullWords;
    /** Slots that can hold an e-mail address or phone number, or items with some. */
    final int[] contactSlots;

    private final Map<VendorPath, Locator> locators = new HashMap<>();
    private final List<Node> all = new ArrayList<>();
    private int keeps;

    Plan(MappingSpec spec, Part root, @Nullable Object[] template, List<CompiledRule> rules, List<String> warnings) {
        this.spec = spec;
        this.root = root;
        root.freeze();
        this.template = template;
        this.rules = List.copyOf(rules);
        this.warnings = warnings;
        this.trie = node("", "");
        List<CompiledRule> reading =
                rules.stream().filter(rule -> rule.direction().reads()).toList();
        reading.forEach(this::markTrees);
        List<CompiledRule> later = new ArrayList<>();
        Map<String, ItemGroup> byList = new LinkedHashMap<>();
        for (CompiledRule rule : reading) {
            if (rule.target() != null && rule.field().items() != null) {
                group(rule, byList);
            } else if (rule.direct() && !underTree(rule.sources().get(0))) {
                Node leaf = leaf(
                        rule.sources().get(0).steps(),
                        rule.sources().get(0).steps().size());
                leaf.rules = with(leaf.rules, rule);
            } else {
                later.add(rule);
                rule.sources().forEach(source -> locate(source.each() ? listOf(source) : source));
            }
            rule.conditions().forEach(condition -> {
                if (!condition.path().each()) {
                    locate(condition.path());
                }
            });
        }
        this.deferred = later.toArray(new CompiledRule[0]);
        this.finishing = reading.stream()
                .filter(rule -> rule.target() != null
                        && rule.field().items() == null
                        && (rule.rule().required() || rule.fallback() != null))
                .toArray(CompiledRule[]::new);
        this.groups = List.copyOf(byList.values());
        this.writes = new WritePlan(rules);
        this.contactSlots = reading.stream()
                .filter(rule -> rule.target() != null)
                .map(CompiledRule::field)
                .filter(target -> target.items() != null
                        || target.type().kind() == Type.Kind.EMAIL
                        || target.type().kind() == Type.Kind.PHONE)
                .mapToInt(target -> target.items() != null ? target.items().items() : target.slot())
                .distinct()
                .toArray();
        this.hasNullWords = !spec.nullWords().isEmpty();
        this.nodes = all.size();
        this.kept = keeps;
    }

    private static CompiledRule[] with(CompiledRule[] rules, CompiledRule one) {
        CompiledRule[] more = Arrays.copyOf(rules, rules.length + 1);
        more[rules.length] = one;
        return more;
    }

    private Node node(String name, String path) {
        Node node = new Node(name, path, all.size(), false);
        all.add(node);
        return node;
    }

    /** The node to which the first {@code depth} names lead. */
    private Node leaf(List<VendorPath.Step> steps, int depth) {
        Node node = trie;
        for (VendorPath.Step step : steps.subList(0, depth)) {
            HashMap<String, Node> children = node.children;
            if (children == null) {
                children = new HashMap<>();
                node.children = children;
            }
            Node next = children.get(step.name());
            if (next == null) {
                next = node(
                        step.name(),
                        node.path.isEmpty()
                                ? VendorPath.quote(step.name())
                                : node.path + "." + VendorPath.quote(step.name()));
                children.put(step.name(), next);
            }
            node = next;
        }
        return node;
    }

    private void markTrees(CompiledRule rule) {
        List<VendorPath> paths = new ArrayList<>(rule.sources());
        rule.conditions().forEach(condition -> paths.add(condition.path()));
        for (VendorPath path : paths) {
            int first = firstPick(path.steps());
            if (first >= 0) {
                keep(leaf(path.steps(), first + 1)).tree = true;
            }
        }
    }

    private static int firstPick(List<VendorPath.Step> steps) {
        for (int i = 0; i < steps.size(); i++) {
            if (!steps.get(i).plain()) {
                return i;
            }
        }
        return -1;
    }

    private Node keep(Node node) {
        if (node.keep < 0) {
            node.keep = keeps++;
        }
        return node;
    }

    private int treeAbove(VendorPath path) {
        Node node = trie;
        for (int i = 0; i < path.steps().size(); i++) {
            Node next = node.child(path.steps().get(i).name());
            if (next == null) {
                return -1;
            }
            if (next.tree) {
                return i;
            }
            node = next;
        }
        return -1;
    }

    private boolean underTree(VendorPath path) {
        return treeAbove(path) >= 0;
    }

    private Locator locate(VendorPath path) {
        return locators.computeIfAbsent(path, wanted -> {
            List<VendorPath.Step> steps = wanted.steps();
            int tree = treeAbove(wanted);
            if (tree < 0) {
                return new Locator(keep(leaf(steps, steps.size())).keep, List.of());
            }
            Node node = keep(leaf(steps, tree + 1));
            List<VendorPath.Step> rest = new ArrayList<>(steps.subList(tree + 1, steps.size()));
            if (!steps.get(tree).plain()) {
                rest.add(0, pickOnly(steps.get(tree)));
            }
            return new Locator(node.keep, List.copyOf(rest));
        });
    }

    /** The pick of a step whose name is already behind us. */
    private static VendorPath.Step pickOnly(VendorPath.Step step) {
        return new VendorPath.Step("", step.each(), step.index(), step.key(), step.value());
    }

    Locator locator(VendorPath path) {
        Locator known = locators.get(path);
        if (known == null) {
            throw new IllegalStateException("no rule reads " + path);
        }
        return known;
    }

    /** The list that {@code [*]} in a path runs over. */
    static VendorPath listOf(VendorPath path) {
        List<VendorPath.Step> steps = new ArrayList<>();
        for (VendorPath.Step step : path.steps()) {
            steps.add(step);
            if (step.each()) {
                break;
            }
        }
        return new VendorPath(List.copyOf(steps));
    }

    /** The way from an item of that list. */
    static List<VendorPath.Step> withinItem(VendorPath path) {
        List<VendorPath.Step> steps = path.steps();
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).each()) {
                return steps.subList(i + 1, steps.size());
            }
        }
        return steps;
    }

    private void group(CompiledRule rule, Map<String, ItemGroup> byList) {
        Part part = rule.field().items();
        VendorPath list = listOf(rule.sources().get(0));
        Locator located = locate(list);
        rule.sources().stream().filter(source -> !source.each()).forEach(this::locate);
        if (part != null) {
            byList.computeIfAbsent(list + " " + part.items(), key -> new ItemGroup(part, located, new ArrayList<>()))
                    .rules()
                    .add(rule);
        }
    }
}
