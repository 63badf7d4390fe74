package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.time.ParsedTime;
import io.crmsdk.time.TimeConvention;
import io.crmsdk.time.TimeException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code crm time}: reads foreign time stamps by their declared conventions. */
@Command(name = "time", description = "Reads time stamps by declared conventions.", mixinStandardHelpOptions = true)
final class TimeCommand {
    @Command(
            name = "parse",
            description =
                    "Reads JSON Lines {\"id\",\"input\",\"convention\"} and prints the instant, day or error of each.",
            mixinStandardHelpOptions = true)
    int parse(
            @Mixin Output output,
            @Parameters(arity = "0..1", description = "file; standard input if absent or -") @Nullable String file)
            throws IOException {
        int[] exit = {Exit.DONE};
        JsonLines.each(file, (number, text) -> {
            JsonNode line = JsonLines.parse(text, "line " + number);
            String read = read(line.path("input"), line.path("convention"));
            if (read.startsWith("ERROR:")) {
                exit[0] = Exit.FINDINGS;
            }
            ObjectNode answer = JsonLines.object();
            answer.set("id", line.path("id"));
            output.lines().write(answer.put("expected", read));
        });
        return exit[0];
    }

    /** The instant in UTC, {@code DATE:} and the day, or {@code ERROR:} and the code. */
    static String read(JsonNode input, JsonNode convention) {
        try {
            String value = input.isNull() || input.isMissingNode() ? null : input.asText();
            ParsedTime time = TimeConvention.of(convention.asText()).parse(value);
            return time.toString();
        } catch (TimeException e) {
            return "ERROR:" + e.code();
        }
    }
}
