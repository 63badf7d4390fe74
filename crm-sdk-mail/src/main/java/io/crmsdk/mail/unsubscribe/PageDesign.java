package io.crmsdk.mail.unsubscribe;

import io.crmsdk.consent.Scope;
import io.crmsdk.mail.MailException;
import io.crmsdk.model.EmailAddress;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the pages look and what they say: the brand, the names of the topics, the language, texts and style of the host's own.
 *
 * <p>Immutable and thread-safe; one design serves the {@link UnsubscribeEndpoint} and the {@link PreferenceEndpoint}.
 */
public final class PageDesign {
    private final String brand;
    private final @Nullable EmailAddress contact;
    private final Map<Scope, Map<Language, String>> topics;
    private final Map<Language, Map<PageText, String>> texts;
    private final String style;
    private final Language language;
    private final boolean fixed;

    private PageDesign(Builder builder) {
        brand = builder.brand;
        contact = builder.contact;
        topics = new LinkedHashMap<>(builder.topics);
        texts = new EnumMap<>(builder.texts);
        style = builder.style;
        language = builder.language;
        fixed = builder.fixed;
    }

    /** English for whoever asks for neither English nor Chinese, no brand, no named topics. */
    public static PageDesign defaults() {
        return builder().build();
    }

    /** Starts a design. */
    public static Builder builder() {
        return new Builder();
    }

    String brand() {
        return brand;
    }

    @Nullable
    EmailAddress contact() {
        return contact;
    }

    String style() {
        return style;
    }

    /** The named topics in the order in which they were named. */
    Set<Scope> topics() {
        return topics.keySet();
    }

    boolean names(Scope scope) {
        return topics.containsKey(scope);
    }

    /** What a scope is called. */
    String topic(Scope scope, Language spoken) {
        Map<Language, String> names = topics.getOrDefault(scope, Map.of());
        String name = names.get(spoken);
        return name != null ? name : names.getOrDefault(spoken.other(), text(PageText.UNNAMED_TOPIC, spoken));
    }

    String text(PageText text, Language spoken) {
        return texts.getOrDefault(spoken, Map.of()).getOrDefault(text, text.in(spoken));
    }

    /** Whether a reader may choose. */
    boolean offersLanguages() {
        return !fixed;
    }

    /** The language for a reader: the host's, or the one chosen on the page, or the browser's. */
    Language language(String chosen, String acceptLanguage) {
        if (fixed) {
            return language;
        }
        if (chosen.isEmpty()) {
            return Language.accepted(acceptLanguage, language);
        }
        return Language.of(Locale.forLanguageTag(chosen));
    }

    /** Collects a {@link PageDesign}; not thread-safe. */
    public static final class Builder {
        private static final int MAX_STYLE = 50_000;

        private String brand = "";
        private @Nullable EmailAddress contact;
        private final Map<Scope, Map<Language, String>> topics = new LinkedHashMap<>();
        private final Map<Language, Map<PageText, String>> texts = new EnumMap<>(Language.class);
        private String style = "";
        private Language language = Language.ENGLISH;
        private boolean fixed;

        private Builder() {}

        /** Whose mails these are, as the pages say it. */
        public Builder brand(String brand) {
            this.brand = Objects.requireNonNull(brand, "brand");
            return this;
        }

        /** Whom to write to when something does not work. */
        public Builder contact(EmailAddress address) {
            this.contact = Objects.requireNonNull(address, "address");
            return this;
        }

        /** What the pages call a scope, in every language; the preference page offers the named scopes in this order. */
        public Builder topic(Scope scope, String name) {
            return topic(scope, Locale.ENGLISH, name).topic(scope, Locale.CHINESE, name);
        }

        /** What the pages call a scope in one language, English or Chinese. */
        public Builder topic(Scope scope, Locale locale, String name) {
            Objects.requireNonNull(name, "name");
            topics.computeIfAbsent(scope, any -> new EnumMap<>(Language.class)).put(known(locale), name);
            return this;
        }

        /**
         * Says something in other words.
         *
         * @param locale English or Chinese
         * @param words with the same {@code {…}} as the text they replace
         * @throws MailException {@code CONFIG} if a mail's text has no {@code {link}}, or the language is another one
         */
        public Builder text(PageText text, Locale locale, String words) {
            if (text == PageText.MAIL_TEXT && !words.contains("{link}")) {
                throw new MailException("CONFIG", "MAIL_TEXT: without {link} nobody can confirm", null);
            }
            texts.computeIfAbsent(known(locale), any -> new EnumMap<>(PageText.class))
                    .put(text, words);
            return this;
        }

        private static Language known(Locale locale) {
            for (Language language : Language.values()) {
                if (locale.getLanguage().equals(language.locale().getLanguage())) {
                    return language;
                }
            }
            throw new MailException(
                    "CONFIG", "pages: expected English or Chinese, got " + locale.toLanguageTag(), null);
        }

        /**
         * Adds rules to the style, after ours. The pages load nothing, so {@code url(...)} has no effect.
         *
         * @throws MailException {@code CONFIG} if it holds a {@code <} or more than 50,000 characters
         */
        public Builder style(String css) {
            if (css.indexOf('<') >= 0 || css.length() > MAX_STYLE) {
                throw new MailException(
                        "CONFIG", "page style: expected at most " + MAX_STYLE + " characters without '<'", null);
            }
            this.style = css;
            return this;
        }

        /** The language for those whose browser asks for neither English nor Chinese; English unless stated. */
        public Builder language(Locale locale) {
            this.language = known(locale);
            this.fixed = false;
            return this;
        }

        /** The one language, whatever the browser asks for. */
        public Builder onlyLanguage(Locale locale) {
            this.language = known(locale);
            this.fixed = true;
            return this;
        }

        /** The design. */
        public PageDesign build() {
            return new PageDesign(this);
        }
    }
}
