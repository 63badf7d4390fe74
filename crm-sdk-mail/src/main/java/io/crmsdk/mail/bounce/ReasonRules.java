package io.crmsdk.mail.bounce;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a file of reasons: which words mean what. Immutable. Rules are kept by the first characters of their first
 * phrase, so that a text is walked once, however many rules there are.
 */
final class ReasonRules {
    private static final int KEY = 3;

    private final List<Rule> rules;
    private final Map<String, List<Rule>> byKey = new HashMap<>();

    private enum Weight {
        USUAL,
        SURE,
        NEVER
    }

    private ReasonRules(List<Rule> rules) {
        this.rules = rules;
        for (Rule rule : rules) {
            String first = rule.phrases().get(0);
            byKey.computeIfAbsent(first.substring(0, Math.min(KEY, first.length())), key -> new ArrayList<>())
                    .add(rule);
        }
    }

    private record Rule(
            int number,
            BounceReason reason,
            Weight weight,
            List<String> hosts,
            String status,
            String reply,
            List<String> phrases) {
        /** Tells whether the phrases follow each other, the first of them at this place. */
        boolean fits(String words, int from) {
            int at = from;
            for (String phrase : phrases) {
                int found = at == from ? (words.startsWith(phrase, at) ? at : -1) : words.indexOf(phrase, at);
                if (found < 0) {
                    return false;
                }
                at = found + phrase.length();
            }
            return true;
        }

        boolean fitsCodes(String otherStatus, String otherReply) {
            return (reply.isEmpty() || reply.equals(otherReply)) && fitsStatus(otherStatus);
        }

        private boolean fitsStatus(String other) {
            int hyphen = status.indexOf('-');
            if (hyphen < 0) {
                return status.isEmpty() || status.equals(other);
            }
            int dot = status.lastIndexOf('.', hyphen);
            if (!other.startsWith(status.substring(0, dot + 1)) || other.length() <= dot + 1) {
                return false;
            }
            int number = Integer.parseInt(other.substring(dot + 1));
            return number >= Integer.parseInt(status.substring(dot + 1, hyphen))
                    && number <= Integer.parseInt(status.substring(hyphen + 1));
        }

        boolean isOf(String host) {
            return !host.isEmpty() && hosts.stream().anyMatch(end -> host.endsWith(end) || end.endsWith("." + host));
        }
    }

    /** What words mean, by the rules alone. */
    record Meaning(
            Set<BounceReason> usual,
            Set<BounceReason> sure,
            @Nullable BounceReason ofHost) {
        boolean is(BounceReason reason) {
            return usual.contains(reason) || sure.contains(reason);
        }
    }

    /**
     * Reads rules.
     *
     * @throws IllegalArgumentException if a line is no rule, with its number
     */
    static ReasonRules read(List<String> lines, String name) {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                rules.add(rule(line, rules.size(), name + " line " + (i + 1)));
            }
        }
        return new ReasonRules(List.copyOf(rules));
    }

    private static Rule rule(String line, int number, String place) {
        int colon = line.indexOf(" : ");
        if (colon < 0) {
            throw new IllegalArgumentException(place + ": expected \"REASON : phrase\"");
        }
        String[] head = line.substring(0, colon).strip().split("\\s+", -1);
        BounceReason reason = BounceReason.ofWord(head[0])
                .orElseThrow(
                        () -> new IllegalArgumentException(place + ": \"" + head[0] + "\" is no reason; reasons are "
                                + Arrays.stream(BounceReason.values())
                                        .map(BounceReason::word)
                                        .toList()));
        List<String> hosts = List.of();
        String status = "";
        String reply = "";
        Weight weight = Weight.USUAL;
        for (String condition : List.of(head).subList(1, head.length)) {
            int equals = condition.indexOf('=');
            String value = condition.substring(equals + 1).toLowerCase(Locale.ROOT);
            switch (equals < 0 ? condition : condition.substring(0, equals)) {
                case "sure" -> weight = Weight.SURE;
                case "never" -> weight = Weight.NEVER;
                case "host" -> hosts = List.of(value.split(",", -1));
                case "status" -> status = checked(value, "[245]\\.\\d{1,3}\\.\\d{1,3}(-\\d{1,3})?", place);
                case "reply" -> reply = checked(value, "[245]\\d\\d", place);
                default ->
                    throw new IllegalArgumentException(place + ": \"" + condition
                            + "\" is no condition; conditions are sure, never, host=, status= and reply=");
            }
        }
        List<String> phrases = Arrays.stream(line.substring(colon + 3).split(" … ", -1))
                .map(ReasonRules::phrase)
                .toList();
        if (phrases.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException(place + ": a phrase is empty");
        }
        return new Rule(number, reason, weight, hosts, status, reply, phrases);
    }

    /** Spaces at the ends of a phrase are kept if it stands in quotation marks. */
    private static String phrase(String text) {
        boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
        return (quoted ? text.substring(1, text.length() - 1) : text).toLowerCase(Locale.ROOT);
    }

    private static String checked(String value, String form, String place) {
        if (!value.matches(form)) {
            throw new IllegalArgumentException(place + ": \"" + value + "\" is no code, expected one as 5.7.1 or 550");
        }
        return value;
    }

    /** Returns rules that ask these first, then the others. */
    ReasonRules before(ReasonRules others) {
        List<Rule> both = new ArrayList<>(rules);
        for (Rule rule : others.rules) {
            both.add(new Rule(
                    both.size(),
                    rule.reason(),
                    rule.weight(),
                    rule.hosts(),
                    rule.status(),
                    rule.reply(),
                    rule.phrases()));
        }
        return new ReasonRules(List.copyOf(both));
    }

    /**
     * Tells what words mean.
     *
     * @param words in lower case
     * @param host that spoke, in lower case; empty if unknown
     * @param domain of the recipient, in lower case
     */
    Meaning meaning(String words, String host, String domain, String status, String reply) {
        Set<BounceReason> usual = EnumSet.noneOf(BounceReason.class);
        Set<BounceReason> sure = EnumSet.noneOf(BounceReason.class);
        Set<BounceReason> never = EnumSet.noneOf(BounceReason.class);
        Rule ofHost = null;
        for (Rule rule : fitting(words, status, reply)) {
            if (!rule.hosts().isEmpty()) {
                boolean first = ofHost == null || rule.number() < ofHost.number();
                ofHost = first && (rule.isOf(host) || rule.isOf(domain)) ? rule : ofHost;
            } else if (rule.weight() == Weight.NEVER) {
                never.add(rule.reason());
            } else {
                (rule.weight() == Weight.SURE ? sure : usual).add(rule.reason());
            }
        }
        usual.removeAll(never);
        return new Meaning(usual, sure, ofHost == null ? null : ofHost.reason());
    }

    private Set<Rule> fitting(String words, String status, String reply) {
        Set<Rule> fitting = new HashSet<>();
        for (int at = 0; at < words.length(); at++) {
            for (int length = 1; length <= KEY && at + length <= words.length(); length++) {
                for (Rule rule : byKey.getOrDefault(words.substring(at, at + length), List.of())) {
                    if (rule.fits(words, at) && rule.fitsCodes(status, reply)) {
                        fitting.add(rule);
                    }
                }
            }
        }
        return fitting;
    }
}
