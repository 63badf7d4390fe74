package io.crmsdk.followup;

import io.crmsdk.internal.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The definition of a kind of follow-up: its steps in order, the condition under which nothing more is needed, and the calendar by which
 * it counts. Immutable and thread-safe if the host's code is.
 *
 * <p>A stored follow-up keeps the name, the version and the shape of its definition. Change steps, delays or deadlines only under a new
 * version, and keep the old one registered while follow-ups of it are open: an engine leaves alone, and reports, what it does not know.
 */
public final class FollowUp {
    private final String name;
    private final int version;
    private final @Nullable WorkingCalendar calendar;
    private final Condition unless;
    private final List<Step> steps;
    private final String reference;

    private FollowUp(Builder builder) {
        name = builder.name;
        version = builder.version;
        calendar = builder.calendar;
        unless = builder.unless;
        steps = List.copyOf(builder.steps);
        reference = name + "/" + version + "/" + shape();
    }

    /** Says whether a follow-up has become needless. Asked when a step is due, never within a transaction. */
    @FunctionalInterface
    public interface Condition {
        /**
         * True if nothing more is needed.
         *
         * @throws Exception if that is not known now: it is asked again later, and the step neither fires nor is lost
         */
        boolean isMet(Firing firing) throws Exception;
    }

    /**
     * Starts a definition.
     *
     * @param name 1 to 40 characters
     * @param version 1 or more; raise it whenever steps, delays or deadlines change
     */
    public static Builder define(String name, int version) {
        return new Builder(name, version);
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** The version. */
    public int version() {
        return version;
    }

    /** The steps in order. */
    public List<Step> steps() {
        return steps;
    }

    Condition unless() {
        return unless;
    }

    @Nullable
    WorkingCalendar calendar() {
        return calendar;
    }

    /** Name, version and shape, which a stored follow-up keeps. */
    String reference() {
        return reference;
    }

    Step step(String wanted) {
        return steps.stream()
                .filter(step -> step.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(reference + " has no step " + wanted));
    }

    /** The step behind this one, or null. */
    @Nullable
    Step after(Step step) {
        int next = steps.indexOf(step) + 1;
        return next < steps.size() ? steps.get(next) : null;
    }

    private String shape() {
        StringBuilder text = new StringBuilder(calendar == null ? "" : calendar.name());
        steps.forEach(step -> text.append('\n').append(step.shape()));
        return sha256(text.toString()).substring(0, 12);
    }

    static String sha256(String text) {
        return Sha256.hex(text);
    }

    /** One line of bounded length without control characters or halves of characters, or a refusal. */
    static String word(String what, String text, int longest) {
        boolean plain = text.codePoints().noneMatch(c -> Character.isISOControl(c) || (c >= 0xD800 && c <= 0xDFFF));
        if (text.isBlank() || text.length() > longest || !plain) {
            throw new IllegalArgumentException(
                    what + ": expected 1 to " + longest + " characters in one line, got " + text.length());
        }
        return text;
    }

    @Override
    public String toString() {
        return "FollowUp[" + reference + ", " + steps.size() + " steps]";
    }

    /** Collects a {@link FollowUp}; not thread-safe. */
    public static final class Builder {
        private final String name;
        private final int version;
        private final List<Step> steps = new ArrayList<>();
        private @Nullable WorkingCalendar calendar;
        private Condition unless = firing -> false;

        private Builder(String name, int version) {
            this.name = word("definition", name, 40);
            if (this.name.indexOf('/') >= 0 || version < 1) {
                throw new IllegalArgumentException("definition: expected a name without / and a version from 1 on");
            }
            this.version = version;
        }

        /** The calendar by which working days are counted. */
        public Builder calendar(WorkingCalendar calendar) {
            this.calendar = Objects.requireNonNull(calendar, "calendar");
            return this;
        }

        /** The condition that is asked before each step and at each deadline; without it every step is needed. */
        public Builder unless(Condition condition) {
            this.unless = Objects.requireNonNull(condition, "condition");
            return this;
        }

        /** Adds a step behind those before it. */
        public Builder step(Step step) {
            steps.add(step);
            return this;
        }

        /**
         * The definition.
         *
         * @throws IllegalStateException with every problem at once: no step, a name twice, working days without a calendar, an outcome
         *     that leads to no later step
         */
        public FollowUp build() {
            List<String> problems = new ArrayList<>();
            List<String> names = steps.stream().map(Step::name).toList();
            if (steps.isEmpty()) {
                problems.add("it has no step");
            }
            for (int i = 0; i < steps.size(); i++) {
                judge(steps.get(i), names.subList(0, i), names.subList(i + 1, names.size()), problems);
            }
            if (!problems.isEmpty()) {
                throw new IllegalStateException("definition " + name + ": " + String.join("; ", problems));
            }
            return new FollowUp(this);
        }

        private void judge(Step step, List<String> before, List<String> later, List<String> problems) {
            if (before.contains(step.name())) {
                problems.add("step " + step.name() + " is there twice");
            }
            Delay deadline = step.deadline();
            boolean counts = step.delay().needsCalendar() || (deadline != null && deadline.needsCalendar());
            if (counts && calendar == null) {
                problems.add("step " + step.name() + " counts working days, but there is no calendar(...)");
            }
            step.next().forEach((outcome, target) -> {
                if (!later.contains(target)) {
                    problems.add("step " + step.name() + " leads to " + target + " when " + outcome
                            + ", which is no later step");
                }
            });
        }
    }
}
