package io.crmsdk.mail;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mail with places to fill: {@code {{name}}} for a value, {@code {{#items}} … {{/items}}} for each of a list or if true,
 * {@code {{^items}} … {{/items}}} if empty or false (Mustache).
 *
 * <p>There is no logic in it and no code can be reached from it. Values are escaped in HTML and left as they are in text and
 * subject. A field that is missing, or null, is an error that names it: a mail that is half filled is never made.
 *
 * <p>Immutable and thread-safe.
 */
public final class EmailTemplate {
    private static final Pattern UNESCAPED = Pattern.compile("\\{\\{\\s*[{&]");
    private static final Pattern OTHER_TAGS = Pattern.compile("\\{\\{\\s*[=>$<]");
    private static final Pattern FIELD =
            Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_-]*(?:\\.[\\p{L}_][\\p{L}\\p{N}_-]*)*|\\.");
    private static final int MAX_DEPTH = 8;

    private final String name;
    private final Template subject;
    private final Template text;
    private final Template html;
    private final @Nullable Locale language;
    private final @Nullable SubjectMark mark;
    private final Set<String> fields;

    private EmailTemplate(Builder builder) {
        name = builder.name;
        subject = compile("subject", builder.subject, false);
        text = compile("text", builder.text, false);
        html = compile("html", builder.html, true);
        language = builder.language;
        mark = builder.mark;
        Fields all = new Fields();
        List.of(subject, text, html).forEach(template -> template.visit(all));
        all.names.forEach(this::requireField);
        fields = Collections.unmodifiableSet(all.names);
    }

    /**
     * Starts a template.
     *
     * @param name for error messages
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    private Template compile(String part, String source, boolean escaped) {
        if (escaped && UNESCAPED.matcher(source).find()) {
            throw malformed(part, "unescaped values ({{{x}}}, {{&x}}) are not allowed in HTML", null);
        }
        if (OTHER_TAGS.matcher(source).find()) {
            throw malformed(part, "only values and sections are allowed, no partials or other delimiters", null);
        }
        if (source.replaceAll("\\{\\{[^{}]*\\}\\}", "").contains("{{")) {
            throw malformed(part, "a {{ without its }}", null);
        }
        try {
            return Mustache.compiler()
                    .escapeHTML(escaped)
                    .strictSections(true)
                    .withCollector(new PlainValues())
                    .withFormatter(EmailTemplate::format)
                    .compile(source);
        } catch (MustacheException e) {
            throw malformed(part, "cannot be read: " + e.getMessage(), e);
        }
    }

    private void requireField(String field) {
        if (!FIELD.matcher(field).matches()) {
            throw malformed("fields", "a field name has letters, digits, _ and -, with dots between names", null);
        }
    }

    private MailException malformed(String part, String why, @Nullable Throwable cause) {
        return new MailException("MALFORMED", "template " + name + ", " + part + ": " + why, cause);
    }

    private static String format(Object value) {
        return value instanceof BigDecimal number ? number.toPlainString() : String.valueOf(value);
    }

    /** The fields it uses, sorted; those within a section have the plain name that is looked up there first. */
    public Set<String> fields() {
        return fields;
    }

    /**
     * What it says with these values, for looking at it before anything is sent.
     *
     * @param values text, numbers, true and false, and lists and maps of such
     * @throws MailException {@code UNKNOWN_VARIABLE} naming a missing field, {@code UNSAFE_TYPE} for any other kind of value
     */
    public Preview preview(Map<String, ?> values) {
        requirePlain("", values, 0);
        return new Preview(
                HeaderText.check("subject", marked(render("subject", subject, values)), 10_000),
                render("text", text, values),
                render("html", html, values));
    }

    private String marked(String plain) {
        return mark == null ? plain : mark.mark(plain);
    }

    /** A mail to be completed: subject, text, HTML, language and mark come from the template and the values. */
    public Email.Builder fill(Map<String, ?> values) {
        Preview filled = preview(values);
        Email.Builder email =
                Email.builder().subject(filled.subject()).text(filled.text()).html(filled.html());
        if (language != null) {
            email.language(language);
        }
        return email;
    }

    private String render(String part, Template template, Map<String, ?> values) {
        try {
            return template.execute(values);
        } catch (MustacheException.Context e) {
            throw new MailException(
                    "UNKNOWN_VARIABLE",
                    "template " + name + ", " + part + ", line " + e.lineNo + ": no value for field " + e.key,
                    null);
        } catch (MustacheException e) {
            throw malformed(part, "cannot be filled (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    private void requirePlain(String path, @Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new MailException(
                    "LIMIT_EXCEEDED", "template " + name + ": values nested deeper than " + MAX_DEPTH, null);
        }
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) ->
                    requirePlain(path.isEmpty() ? String.valueOf(key) : path + "." + key, inner, depth + 1));
        } else if (value instanceof List<?> list) {
            list.forEach(inner -> requirePlain(path, inner, depth + 1));
        } else if (!(value == null || value instanceof String || value instanceof Number || value instanceof Boolean)) {
            throw new MailException(
                    "UNSAFE_TYPE",
                    "template " + name + ", field " + path + ": expected text, number, true or false, list or map, got "
                            + value.getClass().getName(),
                    null);
        }
    }

    @Override
    public String toString() {
        return "EmailTemplate[" + name + "]";
    }

    /**
     * A filled template.
     *
     * @param subject with its mark
     * @param text the text part; empty if the template has none
     * @param html the HTML part; empty if the template has none
     */
    public record Preview(String subject, String text, String html) {
        /** Without the words. */
        @Override
        public String toString() {
            return "Preview[" + subject.length() + ", " + text.length() + ", " + html.length() + " characters]";
        }
    }

    /** Finds values in maps and items in lists, and nothing else: no method or field of any object. */
    private static final class PlainValues implements Mustache.Collector {
        @Override
        public @Nullable Iterator<?> toIterator(Object value) {
            return value instanceof List<?> list ? list.iterator() : null;
        }

        @Override
        public Mustache.@Nullable VariableFetcher createFetcher(Object context, String name) {
            return context instanceof Map ? PlainValues::get : null;
        }

        private static @Nullable Object get(Object context, String name) {
            Map<?, ?> map = (Map<?, ?>) context;
            return map.containsKey(name) ? map.get(name) : Template.NO_FETCHER_FOUND;
        }

        @Override
        public <K, V> Map<K, V> createFetcherCache() {
            return new ConcurrentHashMap<>();
        }
    }

    /** Collects the names of all fields. */
    private static final class Fields implements Mustache.Visitor {
        private final Set<String> names = new TreeSet<>();

        @Override
        public void visitText(String text) {}

        @Override
        public void visitVariable(String name) {
            names.add(name);
        }

        @Override
        public boolean visitInclude(String name) {
            return false;
        }

        @Override
        public boolean visitSection(String name) {
            names.add(name);
            return true;
        }

        @Override
        public boolean visitInvertedSection(String name) {
            names.add(name);
            return true;
        }
    }

    /** Collects an {@link EmailTemplate}; not thread-safe. */
    public static final class Builder {
        private final String name;
        private String subject = "";
        private String text = "";
        private String html = "";
        private @Nullable Locale language;
        private @Nullable SubjectMark mark;
        private @Nullable Map<String, ?> sample;

        private Builder(String name) {
            this.name = HeaderText.check("template name", name, 200);
        }

        /** The subject. */
        public Builder subject(String source) {
            this.subject = source;
            return this;
        }

        /** The text part; without it, made from the HTML. */
        public Builder text(String source) {
            this.text = source;
            return this;
        }

        /** The HTML part. */
        public Builder html(String source) {
            this.html = source;
            return this;
        }

        /** The language it is written in. */
        public Builder language(Locale language) {
            this.language = language;
            return this;
        }

        /** What the law wants the subject to begin with. */
        public Builder subjectMark(SubjectMark mark) {
            this.mark = mark;
            return this;
        }

        /** Values with which the template must fill, tried when it is built. */
        public Builder sample(Map<String, ?> values) {
            this.sample = values;
            return this;
        }

        /**
         * The template.
         *
         * @throws MailException {@code MALFORMED} naming part and place; with a sample also as {@link #preview}
         */
        public EmailTemplate build() {
            if (subject.isBlank() || (text.isBlank() && html.isBlank())) {
                throw new MailException(
                        "MALFORMED", "template " + name + ": needs a subject, and a text or HTML part", null);
            }
            EmailTemplate template = new EmailTemplate(this);
            if (sample != null) {
                template.preview(sample);
            }
            return template;
        }
    }
}
