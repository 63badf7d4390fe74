package io.crmsdk.http;

import java.net.URI;
import java.util.Locale;

/** The one place a gateway talks to: scheme, host, port, and a path that all calls go below. */
final class Origin {
    private final String scheme;
    private final String host;
    private final int port;
    private final String base;

    private Origin(String scheme, String host, int port, String base) {
        this.scheme = scheme;
        this.host = host;
        this.port = port;
        this.base = base;
    }

    static Origin of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw HttpException.misuse("HTTP_ORIGIN_INVALID", "an origin starts with https://");
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawQuery() != null) {
            throw HttpException.misuse(
                    "HTTP_ORIGIN_INVALID", "an origin has a host, no user or password, and no query");
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return new Origin(scheme, uri.getHost().toLowerCase(Locale.ROOT), port(scheme, uri.getPort()), base);
    }

    private static int port(String scheme, int port) {
        if (port >= 0) {
            return port;
        }
        return scheme.equals("https") ? 443 : 80;
    }

    boolean isEncrypted() {
        return scheme.equals("https");
    }

    String scheme() {
        return scheme;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    /** Where a call goes. Nothing that a service or a caller writes leads elsewhere. */
    URI target(URI path) {
        if (path.isAbsolute() || path.getRawAuthority() != null) {
            return link(path);
        }
        String raw = path.getRawPath();
        if (raw == null || !raw.startsWith("/") || climbs(raw)) {
            throw HttpException.misuse("HTTP_CALL_INVALID", "a path starts with one / and does not climb");
        }
        return URI.create(this + base + raw + query(path));
    }

    private URI link(URI link) {
        boolean ours = scheme.equalsIgnoreCase(link.getScheme())
                && link.getHost() != null
                && link.getRawUserInfo() == null
                && isSame(of(withoutQuery(link)));
        if (!ours) {
            throw HttpException.misuse("HTTP_OTHER_ORIGIN", "the link leads away from " + this);
        }
        String raw = link.getRawPath();
        return URI.create(this + (raw == null || raw.isEmpty() ? "/" : raw) + query(link));
    }

    private boolean isSame(Origin other) {
        return scheme.equals(other.scheme) && host.equals(other.host) && port == other.port;
    }

    private static boolean climbs(String raw) {
        for (String segment : raw.split("/", -1)) {
            String plain = segment.replaceAll("(?i)%2e", ".");
            if (plain.equals("..") || plain.equals(".")) {
                return true;
            }
        }
        return false;
    }

    private static String query(URI uri) {
        return uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    }

    private static URI withoutQuery(URI uri) {
        return URI.create(uri.toString().split("[?#]", 2)[0]);
    }

    @Override
    public String toString() {
        return scheme + "://" + host + ":" + port;
    }
}
