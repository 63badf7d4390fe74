package io.crmsdk.mail.smtp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An exchange that broke off for a reason that can be named, before anything was handed over. Not thread-safe. */
final class SmtpFailure extends IOException {
    private static final long serialVersionUID = 1L;

    /** What else the reason stops, and for how long. */
    enum Kind {
        /** Out of reach, broken, or talking nonsense: seconds to a minute. */
        CONNECTION,
        /** The server asks for less (421): seconds to a minute, then slowly again. */
        BUSY,
        /** The login was refused: minutes to an hour, because servers lock accounts. */
        LOGIN,
        /** The server does not want us at all, or wants something else of us: minutes to an hour. */
        POLICY
    }

    private final Kind kind;
    private final String code;
    private final transient @Nullable Reply reply;

    SmtpFailure(Kind kind, String code, String message, @Nullable Reply reply, @Nullable Throwable cause) {
        super(code + ": " + message + (reply == null ? "" : " (" + reply + ")"), cause);
        this.kind = kind;
        this.code = code;
        this.reply = reply;
    }

    Kind kind() {
        return kind;
    }

    String code() {
        return code;
    }

    @Nullable
    Reply reply() {
        return reply;
    }
}
