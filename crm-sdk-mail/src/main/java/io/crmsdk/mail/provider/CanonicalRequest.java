package io.crmsdk.mail.provider;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * A request in the form that Amazon and Alibaba sign alike: method, path, sorted query, sorted headers, their names, the hash of the
 * body.
 *
 * @param signedHeaders the names, sorted, with semicolons between
 * @param hash of the whole form, in hexadecimal
 */
record CanonicalRequest(String signedHeaders, String hash) {
    /**
     * @param headers what is signed, by names in lower case
     * @param bodyHash in hexadecimal
     */
    static CanonicalRequest of(String method, URI target, SortedMap<String, String> headers, String bodyHash) {
        String names = String.join(";", headers.keySet());
        String lines = headers.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue().strip().replaceAll(" +", " ") + "\n")
                .collect(Collectors.joining());
        String path = target.getRawPath() == null || target.getRawPath().isEmpty() ? "/" : target.getRawPath();
        String text = String.join("\n", method, path, query(target), lines, names, bodyHash);
        return new CanonicalRequest(names, WebhookBook.hash(Signatures.utf8(text)));
    }

    /** Sorted as it is encoded; a name without a value has an empty one. */
    private static String query(URI target) {
        if (target.getRawQuery() == null) {
            return "";
        }
        return Arrays.stream(target.getRawQuery().split("&"))
                .map(pair -> pair.contains("=") ? pair : pair + "=")
                .sorted()
                .collect(Collectors.joining("&"));
    }

    /** As the {@code Host} header has it. */
    static String host(URI target) {
        boolean usual = target.getPort() < 0 || target.getPort() == ("https".equals(target.getScheme()) ? 443 : 80);
        String host = target.getHost().toLowerCase(Locale.ROOT);
        return usual ? host : host + ":" + target.getPort();
    }
}
