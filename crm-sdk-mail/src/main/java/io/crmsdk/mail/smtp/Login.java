package io.crmsdk.mail.smtp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proves to a server who we are: XOAUTH2 with a token, otherwise with a password by SCRAM-SHA-256 (RFC 7677), PLAIN (RFC 4616) or
 * LOGIN, the first that it offers.
 *
 * <p>Thread-safe. {@code toString} shows neither name nor secret.
 */
final class Login {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String user;
    private final @Nullable String password;
    private final @Nullable TokenSource tokens;
    private @Nullable String token;

    private Login(String user, @Nullable String password, @Nullable TokenSource tokens) {
        this.user = user;
        this.password = password;
        this.tokens = tokens;
    }

    static Login password(String user, String password) {
        return new Login(user, password, null);
    }

    static Login tokens(String user, TokenSource tokens) {
        return new Login(user, null, tokens);
    }

    /** Logs in, or says why not. */
    void at(Session session) throws IOException {
        Set<String> offered = session.extensions().logins();
        if (tokens != null) {
            require(offered, "XOAUTH2");
            byToken(session, current(tokens, null));
        } else if (password != null && offered.contains("SCRAM-SHA-256")) {
            byScram(session, password);
        } else if (password != null && offered.contains("PLAIN")) {
            byPlain(session, password);
        } else if (password != null) {
            require(offered, "LOGIN");
            byLogin(session, password);
        }
    }

    private static void require(Set<String> offered, String mechanism) throws SmtpFailure {
        if (!offered.contains(mechanism)) {
            throw new SmtpFailure(
                    SmtpFailure.Kind.LOGIN,
                    "LOGIN_NOT_OFFERED",
                    "the server does not offer the login " + mechanism + "; no password was sent",
                    null,
                    null);
        }
    }

    private void byScram(Session session, String secret) throws IOException {
        byte[] nonce = new byte[18];
        RANDOM.nextBytes(nonce);
        Scram scram = new Scram(user, secret, Base64.getEncoder().encodeToString(nonce));
        Reply challenge = session.command("AUTH SCRAM-SHA-256 " + base64(scram.first()));
        requireChallenge(challenge);
        try {
            Reply proven = session.command(base64(scram.proof(plain(challenge))));
            requireChallenge(proven);
            scram.check(plain(proven));
        } catch (Scram.UnprovenException e) {
            throw new SmtpFailure(
                    SmtpFailure.Kind.LOGIN,
                    "LOGIN_SERVER_UNPROVEN",
                    e.getMessage() + "; no password and no mail was sent",
                    null,
                    e);
        }
        requireSuccess(session.command(""));
    }

    private static String plain(Reply challenge) throws Scram.UnprovenException {
        try {
            return new String(Base64.getDecoder().decode(challenge.text().strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Scram.UnprovenException("the server's challenge is not Base64");
        }
    }

    private void byPlain(Session session, String secret) throws IOException {
        requireSuccess(session.command("AUTH PLAIN " + base64("\0" + user + "\0" + secret)));
    }

    private void byLogin(Session session, String secret) throws IOException {
        requireChallenge(session.command("AUTH LOGIN"));
        requireChallenge(session.command(base64(user)));
        requireSuccess(session.command(base64(secret)));
    }

    private void byToken(Session session, String first) throws IOException {
        Reply reply = tryToken(session, first);
        if (reply.isPermanent() && tokens != null) {
            reply = tryToken(session, current(tokens, first));
        }
        requireSuccess(reply);
    }

    private Reply tryToken(Session session, String bearer) throws IOException {
        Reply reply = session.command("AUTH XOAUTH2 " + base64("user=" + user + "\1auth=Bearer " + bearer + "\1\1"));
        // The refusal comes as a challenge that holds the details; an empty answer makes the server say 535.
        return reply.code() == 334 ? session.command("") : reply;
    }

    /** The token in use; asks for another one only if the one in use is the one that was refused. */
    private synchronized String current(TokenSource source, @Nullable String refused) throws SmtpFailure {
        String known = token;
        if (known != null && !known.equals(refused)) {
            return known;
        }
        try {
            String fresh = source.token(refused);
            token = fresh;
            return fresh;
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new SmtpFailure(
                    SmtpFailure.Kind.LOGIN,
                    "LOGIN_NO_TOKEN",
                    "the token source gave no token (" + e.getClass().getSimpleName() + ")",
                    null,
                    e);
        }
    }

    private static void requireChallenge(Reply reply) throws SmtpFailure {
        if (reply.code() != 334) {
            throw refused(reply);
        }
    }

    private static void requireSuccess(Reply reply) throws SmtpFailure {
        if (!reply.isPositive()) {
            throw refused(reply);
        }
    }

    private static SmtpFailure refused(Reply reply) {
        if (reply.isClosing()) {
            return new SmtpFailure(SmtpFailure.Kind.BUSY, "SMTP_BUSY", "the server closes at login", reply, null);
        }
        SmtpFailure.Kind kind = reply.isPermanent() ? SmtpFailure.Kind.LOGIN : SmtpFailure.Kind.CONNECTION;
        String code = reply.isPermanent() ? "LOGIN_REFUSED" : "LOGIN_DEFERRED";
        return new SmtpFailure(kind, code, "the login was refused; no mail was sent", reply, null);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return tokens == null ? "Login[password]" : "Login[token]";
    }
}
