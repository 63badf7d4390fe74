package io.crmsdk.erp.tryton;

import io.crmsdk.http.AnswerJudge;
import io.crmsdk.http.Authorization;
import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpCall;
import io.crmsdk.http.HttpGateway;
import io.crmsdk.http.HttpOutcome;
import io.crmsdk.http.Verdict;
import io.crmsdk.sync.Cause;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.Hold;
import io.crmsdk.sync.Settings;
import io.crmsdk.sync.SyncException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One database of a Tryton server, spoken to as one user.
 *
 * <p>Logs in when it is first needed and once more when the session has ended; a session costs a twentieth of sending the password
 * with each call. Source: trytond 6.0, {@code trytond/protocols/jsonrpc.py} and {@code dispatcher.py}; series 7.0 keeps the protocol.
 * Thread-safe.
 */
public final class TrytonServer implements AutoCloseable {
    private static final Pattern SESSION = Pattern.compile("\\[(\\d+),\"([^\"\\\\]+)\"\\]");

    private static final Duration CLOCK = Duration.ofMinutes(2);
    private static final Map<String, Object> EVERYTHING = Map.<String, Object>of("active_test", false);

    private final String database;
    private final String user;
    private final Supplier<String> password;
    private final HttpGateway door;
    private final HttpGateway gateway;
    private @Nullable String session;

    private TrytonServer(Settings settings) {
        database = settings.text("database");
        if (!database.matches("[A-Za-z0-9_.-]+")) {
            throw settings.problem("database", "expected a name of letters, digits, dots, hyphens and underscores");
        }
        user = settings.text("user");
        password = settings.secret("password");
        door = gateway(settings).build();
        gateway = gateway(settings)
                .authorization(Authorization.header("Authorization", () -> "Session " + session()))
                .build();
    }

    /**
     * The server that a block of settings describes: {@code url}, {@code database}, {@code user}, {@code password} (a reference),
     * {@code private-network} and {@code plain-http} where they are meant. Nothing is connected yet.
     *
     * @throws SyncException {@code SETTINGS} with file, line and key
     */
    public static TrytonServer of(Settings settings) {
        return new TrytonServer(settings);
    }

    private static HttpGateway.Builder gateway(Settings settings) {
        URI url;
        try {
            url = URI.create(settings.text("url"));
        } catch (IllegalArgumentException e) {
            SyncException problem = settings.problem("url", "expected an address such as https://erp.example.com");
            problem.addSuppressed(e);
            throw problem;
        }
        HttpGateway.Builder builder = HttpGateway.builder(url).judge(TrytonServer::judge);
        if (settings.flag("private-network", false)) {
            builder.privateNetworkAllowed();
        }
        return settings.flag("plain-http", false) ? builder.plainHttpAllowed() : builder;
    }

    /** Errors come with status 200 and a name. */
    private static Verdict judge(HttpAnswer answer) {
        if (answer.status() != 200) {
            return AnswerJudge.byStatus().judge(answer);
        }
        return switch (error(answer)) {
            case "" -> Verdict.of(Verdict.Kind.ACCEPTED);
            case "RateLimitException" -> Verdict.of(Verdict.Kind.BUSY);
            default -> Verdict.of(Verdict.Kind.REFUSED);
        };
    }

    /** The kind of error that an answer tells; empty if it tells none. */
    static String error(HttpAnswer answer) {
        Fields body;
        try {
            body = Fields.parse(answer.utf8());
        } catch (SyncException e) {
            return "";
        }
        String list = body.get("error");
        if (list == null) {
            return "";
        }
        Matcher kind = Pattern.compile("\\[\"(\\w+)\"[,\\]].*", Pattern.DOTALL).matcher(list);
        return kind.matches() ? kind.group(1) : "Error";
    }

    /**
     * Calls a method.
     *
     * @param context goes last, as Tryton wants it
     * @param reads whether the call only reads, so that it may be repeated
     */
    HttpOutcome call(String method, List<Object> parameters, Map<String, Object> context, boolean reads) {
        List<Object> all = new ArrayList<>(parameters);
        all.add(context);
        HttpCall call = request(method, all);
        HttpCall meant = reads ? call.repeatable() : call;
        HttpOutcome outcome = gateway.send(meant);
        boolean ended =
                outcome instanceof HttpOutcome.NotTaken not && not.code().equals("HTTP_UNAUTHORIZED");
        if (!ended) {
            return outcome;
        }
        forget();
        return gateway.send(meant);
    }

    /**
     * The first records of a model, in the order of their ids.
     *
     * @throws ConnectorException if they could not be read as a whole
     */
    List<Fields> read(String model, List<Object> domain, int limit, List<Object> asked) {
        List<Object> order = List.<Object>of(List.<Object>of("id", "ASC"));
        HttpAnswer answer = accepted(call(
                "model." + model + ".search_read", List.<Object>of(domain, 0, limit, order, asked), EVERYTHING, true));
        Fields body = Fields.parse(answer.utf8());
        String result = body.get("result");
        if (result == null || !result.startsWith("[")) {
            throw new ConnectorException(
                    Cause.DOWN, "TRYTON_NO_LIST", "expected a list of " + model + ", got none", null, null);
        }
        return body.objects("result");
    }

    /** How many records of a model there are, as the server counts them. */
    long count(String model, List<Object> domain) {
        HttpAnswer answer =
                accepted(call("model." + model + ".search_count", List.<Object>of(domain), EVERYTHING, true));
        return TrytonBooks.number(Fields.parse(answer.utf8()), "result");
    }

    static HttpAnswer accepted(HttpOutcome outcome) {
        if (outcome instanceof HttpOutcome.Accepted accepted) {
            return accepted.answer();
        }
        if (outcome instanceof HttpOutcome.Refused refused) {
            String error = error(refused.answer());
            if (!error.isEmpty()) {
                throw new ConnectorException(Cause.DATA, "TRYTON_" + error, "the server answered " + error, null, null);
            }
        }
        throw ConnectorException.of(outcome);
    }

    /**
     * Why nothing should be written: the server's clock and ours certainly differ by more than two minutes, whichever of them is wrong.
     * Times of change mean nothing then. Empty as long as nothing is known; asks the server if it was not asked before. For
     * {@link io.crmsdk.sync.SyncPair.Builder#controls}; {@link TrytonParties} writes nothing meanwhile, whatever was approved.
     *
     * @throws ConnectorException if the server could not be asked
     */
    public List<Hold> clockHolds() {
        session();
        return gateway.skew()
                .or(door::skew)
                .filter(skew ->
                        skew.atLeast().compareTo(CLOCK) > 0 || skew.atMost().compareTo(CLOCK.negated()) < 0)
                .map(skew -> List.of(new Hold(
                        Hold.Kind.CLOCK,
                        "the clock of the Tryton server is "
                                + skew.middle().abs().toSeconds() + " seconds "
                                + (skew.middle().isNegative() ? "behind" : "ahead of")
                                + " ours; set the one that is wrong, then plan again",
                        List.of())))
                .orElse(List.of());
    }

    /** Before a write. */
    void refuseWrongClock() {
        for (Hold hold : clockHolds()) {
            throw new ConnectorException(
                    Cause.DOWN, "TRYTON_CLOCK", hold.reason() + "; nothing was written", null, null);
        }
    }

    private HttpCall request(String method, List<Object> parameters) {
        Map<String, Object> body =
                new TreeMap<>(Map.<String, Object>of("id", 1, "method", method, "params", parameters));
        return HttpCall.post("/" + database + "/").json(Json.bytes(body)).expectingJson();
    }

    private synchronized String session() {
        String current = session;
        if (current == null) {
            current = login();
            session = current;
        }
        return current;
    }

    private synchronized void forget() {
        session = null;
    }

    private String login() {
        HttpOutcome outcome = door.send(request(
                "common.db.login", List.<Object>of(user, Map.<String, Object>of("password", password.get()), "en")));
        if (!(outcome instanceof HttpOutcome.Accepted accepted)) {
            ConnectorException why = ConnectorException.of(outcome);
            throw new ConnectorException(
                    why.kind() == Cause.DATA ? Cause.PERMISSION : why.kind(),
                    why.code(),
                    "the login was not taken; nothing was read or written",
                    why.retryAt().orElse(null),
                    why);
        }
        String result = Fields.parse(accepted.answer().utf8()).get("result");
        Matcher found = SESSION.matcher(Objects.requireNonNullElse(result, ""));
        if (!found.matches()) {
            throw new ConnectorException(
                    Cause.PERMISSION, "TRYTON_LOGIN", "user or password are not those of the database", null, null);
        }
        String text = user + ":" + found.group(1) + ":" + found.group(2);
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        gateway.close();
        door.close();
    }

    @Override
    public String toString() {
        return "TrytonServer[" + gateway + "/" + database + "]";
    }
}
