package io.crmsdk.mail.smtp;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a server said in its EHLO reply that it can do. Immutable. */
final class Extensions {
    private final Map<String, String> parameters;

    private Extensions(Map<String, String> parameters) {
        this.parameters = Map.copyOf(parameters);
    }

    /** A server that knows only HELO. */
    static Extensions none() {
        return new Extensions(Map.of());
    }

    /** Reads the lines after the first, which is the server's name. */
    static Extensions of(Reply ehlo) {
        Map<String, String> parameters = new HashMap<>();
        List<String> lines = ehlo.texts();
        for (String line : lines.subList(1, lines.size())) {
            String text = line.strip().toUpperCase(Locale.ROOT);
            // Old servers announce "AUTH=LOGIN PLAIN" instead of, or beside, "AUTH LOGIN PLAIN".
            String tidy = text.startsWith("AUTH=") ? "AUTH " + text.substring(5) : text;
            int space = tidy.indexOf(' ');
            String name = space < 0 ? tidy : tidy.substring(0, space);
            parameters.merge(name, space < 0 ? "" : tidy.substring(space + 1).strip(), (a, b) -> (a + " " + b).strip());
        }
        return new Extensions(parameters);
    }

    boolean has(String name) {
        return parameters.containsKey(name);
    }

    /** The mechanisms of AUTH, upper case. */
    Set<String> logins() {
        return Set.copyOf(List.of(parameters.getOrDefault("AUTH", "").split(" +")));
    }

    /** The largest message in octets; 0 if the server states none. */
    long maxSize() {
        String text = parameters.getOrDefault("SIZE", "");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }
}
