package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.mapping.Mapping;
import io.crmsdk.mapping.MappingException;
import io.crmsdk.mapping.MappingRule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm mapping}: checks and explains mappings. */
@Command(name = "mapping", description = "Checks and explains mappings.", mixinStandardHelpOptions = true)
final class MappingCommand {
    @Command(
            name = "check",
            description = "Loads a mapping and prints every problem with file, line and rule.",
            mixinStandardHelpOptions = true)
    int check(@Mixin Output output, @Parameters(paramLabel = "M") String name) {
        try {
            Mapping mapping = Mappings.named(name);
            for (String warning : mapping.warnings()) {
                problem(output, JsonLines.object().put("severity", "warning").put("message", warning), warning);
            }
            if (output.isJson()) {
                output.lines()
                        .write(JsonLines.object().put("mapping", mapping.name()).put("version", mapping.version()));
            }
            output.say(mapping.name() + ": " + mapping.rules().size() + " rules, version " + mapping.version());
            return mapping.warnings().isEmpty() ? Exit.DONE : Exit.FINDINGS;
        } catch (MappingException e) {
            e.problems().forEach(problem -> problem(output, line(problem), problem.toString()));
            return Exit.USAGE;
        }
    }

    private static ObjectNode line(MappingException.Problem problem) {
        ObjectNode line = JsonLines.object().put("severity", "error");
        line.put("file", problem.file()).put("line", problem.line()).put("rule", problem.rule());
        return line.put("code", problem.code()).put("message", problem.message());
    }

    private static void problem(Output output, ObjectNode line, String words) {
        if (output.isJson()) {
            output.lines().write(line);
        } else {
            output.say(words);
        }
    }

    @Command(name = "explain", description = "Prints the table of a mapping.", mixinStandardHelpOptions = true)
    int explain(
            @Mixin Output output,
            @Parameters(paramLabel = "M") String name,
            @Option(names = "--html", description = "a page instead of Markdown") boolean html) {
        Mapping mapping = Mappings.named(name);
        if (output.isJson()) {
            mapping.rules().forEach(rule -> output.lines().write(rule(rule)));
        } else {
            output.say(html ? mapping.explainHtml() : mapping.explain());
        }
        return Exit.DONE;
    }

    private static ObjectNode rule(MappingRule rule) {
        ObjectNode line = JsonLines.object();
        ArrayNode from = line.putArray("from");
        rule.from().forEach(from::add);
        line.put("name", rule.label()).put("to", rule.to());
        line.put("as", rule.as() == null ? null : rule.as().toString());
        line.put("direction", rule.direction() == null ? null : rule.direction().name());
        return line.put("required", rule.required()).put("doc", rule.doc());
    }

    @Command(name = "list", description = "Names the bundled mappings.", mixinStandardHelpOptions = true)
    int list(@Mixin Output output) {
        for (String name : Mapping.bundledNames()) {
            Mapping mapping = Mapping.bundled(name);
            if (output.isJson()) {
                ObjectNode line = JsonLines.object()
                        .put("mapping", name)
                        .put("rules", mapping.rules().size());
                output.lines().write(line.put("version", mapping.version()).put("doc", mapping.doc()));
            } else {
                output.say(String.format(
                        "%-28s %3d rules  %s", name, mapping.rules().size(), mapping.doc()));
            }
        }
        return Exit.DONE;
    }
}
