package io.crmsdk.mail.unsubscribe;

import io.crmsdk.consent.ConsentEvidence;
import io.crmsdk.mail.web.WebRequest;
import org.jspecify.annotations.Nullable;

/** What a request shows beside its words: the token of its link, and what proves later how it was said. */
final class Visit {
    private static final int MAX_HEADER = 500;

    private Visit() {}

    /** The last part of the path; a slash that some program added does not matter. */
    static String token(WebRequest request) {
        String path = request.path();
        String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return bare.substring(bare.lastIndexOf('/') + 1);
    }

    /** Where, how, from where and with which program; never the link itself, which acts for whoever holds it. */
    static ConsentEvidence.Builder evidence(WebRequest request, String place, String method) {
        ConsentEvidence.Builder evidence =
                ConsentEvidence.builder().method(method).place(place);
        String agent = request.header("user-agent");
        if (!agent.isEmpty()) {
            evidence.userAgent(agent.substring(0, Math.min(agent.length(), MAX_HEADER)));
        }
        @Nullable String remote = request.remote();
        return remote == null ? evidence : evidence.ip(remote);
    }
}
