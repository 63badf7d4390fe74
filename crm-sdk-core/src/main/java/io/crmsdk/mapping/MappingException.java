package io.crmsdk.mapping;

import io.crmsdk.CrmException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A mapping cannot be used: all its problems at once, each with file, line, rule and code.
 *
 * <p>Thrown when a mapping is loaded or bound to a header, before any record is read or written. {@link #code()} is the code of
 * the first problem.
 */
public final class MappingException extends CrmException {
    private static final long serialVersionUID = 1L;

    /** Not serialised: problems are for the process that loads. */
    private final transient List<Problem> problems;

    /**
     * One thing that is wrong with a mapping. Immutable; equality by value.
     *
     * @param file name that was given when it was loaded
     * @param line line in the file, from 1; 0 if it has none, as from the builder
     * @param rule name of the rule or of the part of the file; null if it is about the file as a whole
     * @param code stable code, see docs/mapping.md
     * @param message what is wrong and what to do
     */
    public record Problem(String file, int line, @Nullable String rule, String code, String message) {
        /** Checks that all but the rule are there. */
        public Problem {
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(message, "message");
        }

        /** {@code contact.yaml:12 rule phones.number: TYPE: …}. */
        @Override
        public String toString() {
            return file + (line > 0 ? ":" + line : "") + (rule == null ? "" : " rule " + rule) + ": " + code + ": "
                    + message;
        }
    }

    MappingException(List<Problem> problems) {
        super(problems.get(0).code(), text(problems), null);
        this.problems = List.copyOf(problems);
    }

    /** Everything that is wrong, in the order of the file; never empty. */
    public List<Problem> problems() {
        return problems;
    }

    private static String text(List<Problem> problems) {
        StringBuilder out = new StringBuilder("the mapping cannot be used; nothing was read or written");
        for (Problem problem : problems) {
            out.append(System.lineSeparator()).append("  ").append(problem);
        }
        return out.toString();
    }
}
