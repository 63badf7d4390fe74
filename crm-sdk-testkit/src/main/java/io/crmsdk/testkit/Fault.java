package io.crmsdk.testkit;

import io.crmsdk.time.TimeConvention;
import io.crmsdk.time.UtcClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One way in which an exchange goes wrong.
 *
 * @param forwards whether the system gets the request, and does what it asks for
 * @param spoiling makes the answer that the connector gets; null closes the connection without one
 */
record Fault(String name, boolean forwards, UnaryOperator<FaultyDoor.@Nullable Answer> spoiling) {
    private static final TimeConvention HTTP_DATE = TimeConvention.of("http");

    /** What a connector may see when it reads. */
    static List<Fault> ofReading() {
        return List.of(
                new Fault("is cut within its body", true, Fault::cut),
                new Fault("is empty", true, answer -> said(200, Map.of(), "")),
                new Fault("is a page for people", true, answer -> said(200, html(), "<html>Back soon</html>")),
                new Fault("never comes", true, answer -> null),
                plain("says 500", 500, false),
                plain("says 503", 503, false),
                busy("an hour", "3600"));
    }

    /** What a connector may see when it writes, in doubt or not. */
    static List<Fault> ofWriting() {
        return List.of(
                new Fault("is lost after the work was done", true, answer -> null),
                plain("says 500 after the work was done", 500, true),
                new Fault("is cut after the work was done", true, Fault::cut),
                plain("says 503 and does nothing", 503, false),
                plain("says 409 and does nothing", 409, false),
                plain("says 412 and does nothing", 412, false));
    }

    /** Every form of "too many requests". */
    static List<Fault> ofLimits() {
        return List.of(
                busy("absent"),
                busy("0", "0"),
                busy("-5", "-5"),
                busy("absurd", "1000000000000"),
                busy("no number", "soon"),
                busy("two values", "0", "1"),
                busy("a date that is past", "Thu, 01 Jan 1970 00:00:00 GMT"));
    }

    /** Asks to be left alone for a time, in seconds or as a date. */
    static List<Fault> ofPauses(Duration pause) {
        return List.of(
                busy("seconds", String.valueOf(pause.toSeconds())), new Fault("says 429 with a date", false, answer -> {
                    var now = UtcClock.system().instant();
                    Map<String, List<String>> headers = Map.of(
                            "Date", List.of(HTTP_DATE.format(now)),
                            "Retry-After", List.of(HTTP_DATE.format(now.plus(pause))));
                    return said(429, headers, "{}");
                }));
    }

    private static Fault busy(String form, String... values) {
        Map<String, List<String>> headers = values.length == 0 ? Map.of() : Map.of("Retry-After", List.of(values));
        return new Fault("says 429, Retry-After " + form, false, answer -> said(429, headers, "{}"));
    }

    private static Fault plain(String name, int status, boolean forwards) {
        return new Fault(name, forwards, answer -> said(status, Map.of(), "{}"));
    }

    private static Map<String, List<String>> html() {
        return Map.of("Content-Type", List.of("text/html"));
    }

    private static FaultyDoor.Answer said(int status, Map<String, List<String>> headers, String body) {
        return new FaultyDoor.Answer(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    /** The length says that this was all of it. */
    private static FaultyDoor.@Nullable Answer cut(FaultyDoor.@Nullable Answer answer) {
        return answer == null ? null : answer.cutTo(answer.length() * 2 / 3);
    }

    @Override
    public String toString() {
        return name;
    }
}
