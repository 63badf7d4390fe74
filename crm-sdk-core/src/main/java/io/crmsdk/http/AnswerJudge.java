package io.crmsdk.http;

/**
 * Reads from an answer what became of its request, where the status alone does not say: errors inside a 200, limits told in
 * the body. Called once an attempt, in the calling thread; must be quick and thread-safe.
 */
@FunctionalInterface
public interface AnswerJudge {
    /** The verdict; {@link #byStatus()} is the one to fall back on. */
    Verdict judge(HttpAnswer answer);

    /**
     * RFC 9110 and RFC 6585: 2xx and 304 accepted; 401 unauthorized; 425 and 429 busy; 408 and 5xx faulted, but 501 and
     * 505 refused, since they never were acted on; everything else refused, redirects among them.
     */
    static AnswerJudge byStatus() {
        return answer -> Verdict.of(kind(answer.status()));
    }

    private static Verdict.Kind kind(int status) {
        if (status / 100 == 2 || status == 304) {
            return Verdict.Kind.ACCEPTED;
        }
        return switch (status) {
            case 401 -> Verdict.Kind.UNAUTHORIZED;
            case 425, 429 -> Verdict.Kind.BUSY;
            case 408 -> Verdict.Kind.FAULTED;
            case 501, 505 -> Verdict.Kind.REFUSED;
            default -> status >= 500 ? Verdict.Kind.FAULTED : Verdict.Kind.REFUSED;
        };
    }
}
