package io.crmsdk.mapping;

import io.crmsdk.model.PhoneNumber;
import io.crmsdk.quality.Action;
import io.crmsdk.quality.Cell;
import io.crmsdk.quality.Finding;
import io.crmsdk.quality.FindingCode;
import io.crmsdk.quality.Judge;
import io.crmsdk.quality.JudgeContext;
import io.crmsdk.quality.Judged;
import io.crmsdk.time.UtcClock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mapping bound to the header of one sheet: which column is which field, and by which converter. Immutable and thread-safe.
 *
 * <p>Findings carry the column in the words of the sheet and the label of the rule.
 */
public final class RowMapping {
    /** A rule and a column of this sheet that it reads. */
    private record Bind(CompiledRule rule, Bound bound, int column, int city) {}

    private final Plan plan;
    private final List<String> header;
    private final List<Bind> binds;
    private final Map<Integer, Integer> keeps;
    private final List<String> unmapped;
    private final @Nullable LocalDate today;

    private RowMapping(
            Plan plan,
            List<String> header,
            List<Bind> binds,
            Map<Integer, Integer> keeps,
            List<String> unmapped,
            @Nullable LocalDate today) {
        this.plan = plan;
        this.header = header;
        this.binds = binds;
        this.keeps = keeps;
        this.unmapped = unmapped;
        this.today = today;
    }

    /** @throws MappingException if a required column is missing or a field has two columns */
    static RowMapping bind(Plan plan, List<String> header) {
        Problems problems = new Problems(plan.spec.name());
        Map<String, List<Integer>> columns = new HashMap<>();
        for (int i = 0; i < header.size(); i++) {
            String key = Headers.key(header.get(i));
            if (!key.isEmpty()) {
                columns.computeIfAbsent(key, name -> new ArrayList<>()).add(i);
            }
        }
        List<Bind> binds = new ArrayList<>();
        boolean[] used = new boolean[header.size()];
        for (CompiledRule rule : plan.rules) {
            if (rule.direction().reads() && rule.direct()) {
                bind(rule, columns, header, binds, used, problems);
            }
        }
        Map<Integer, Integer> keeps = new HashMap<>();
        if (plan.trie.children != null) {
            plan.trie.children.forEach((name, node) -> {
                List<Integer> at = columns.get(Headers.key(name));
                if (node.keep >= 0 && at != null && at.size() == 1) {
                    keeps.put(node.keep, at.get(0));
                    used[at.get(0)] = true;
                }
            });
        }
        problems.throwIfAny();
        List<String> unmapped = new ArrayList<>();
        for (int i = 0; i < used.length; i++) {
            if (!used[i] && !header.get(i).isBlank()) {
                unmapped.add(header.get(i));
            }
        }
        return new RowMapping(
                plan, List.copyOf(header), List.copyOf(binds), Map.copyOf(keeps), List.copyOf(unmapped), null);
    }

    private static void bind(
            CompiledRule rule,
            Map<String, List<Integer>> columns,
            List<String> header,
            List<Bind> binds,
            boolean[] used,
            Problems problems) {
        List<Bind> found = new ArrayList<>();
        for (CompiledRule.Column variant : rule.variants()) {
            for (int column : columns.getOrDefault(Headers.key(variant.header()), List.of())) {
                if (found.stream().noneMatch(bind -> bind.column() == column)) {
                    found.add(new Bind(rule, variant.bound(), column, city(variant.bound(), columns)));
                }
            }
        }
        if (found.size() > 1 && rule.consent() == null) {
            problems.add(
                    0,
                    rule.label(),
                    "AMBIGUOUS_COLUMN",
                    "the columns "
                            + String.join(
                                    " and ",
                                    found.stream()
                                            .map(bind -> header.get(bind.column()))
                                            .toList())
                            + " both stand for it; remove or rename one");
        }
        if (found.isEmpty() && rule.rule().required()) {
            problems.add(0, rule.label(), "MISSING_COLUMN", "the sheet has no column " + rule.source());
        }
        for (Bind bind : found) {
            used[bind.column()] = true;
            binds.add(bind);
        }
    }

    private static int city(Bound bound, Map<String, List<Integer>> columns) {
        String city = bound.city();
        if (city == null) {
            return -1;
        }
        List<Integer> at = columns.getOrDefault(Headers.key(city), List.of());
        return at.isEmpty() ? -1 : at.get(0);
    }

    /** The same with a fixed day of judging instead of the clock's, for dates of birth in the future and the like. */
    public RowMapping on(LocalDate day) {
        return new RowMapping(plan, header, binds, keeps, unmapped, day);
    }

    /** The header, as it was given. */
    public List<String> header() {
        return header;
    }

    /** Columns that no rule reads; their cells are in {@link MappedRecord#raw()}. */
    public List<String> unmappedColumns() {
        return unmapped;
    }

    /** Which column of this sheet fills what: label of the rule to header, in the order of the mapping. */
    public Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        binds.forEach(bind ->
                columns.merge(bind.rule().label(), header.get(bind.column()), (one, other) -> one + ", " + other));
        return columns;
    }

    /**
     * Reads one row.
     *
     * @param rowNumber as a person sees it, for messages
     * @param cells in the order of the header; missing ones at the end are empty
     */
    public MappedRecord read(int rowNumber, List<Cell> cells) {
        return read(rowNumber, cells, Set.of());
    }

    /**
     * Reads one row of which some cells continue a series.
     *
     * @param rowNumber as a person sees it, for messages
     * @param cells in the order of the header; missing ones at the end are empty
     * @param series positions, from 0, of cells that count up by one from row to row; see {@link JudgeContext#series()}
     */
    public MappedRecord read(int rowNumber, List<Cell> cells, Set<Integer> series) {
        Reading reading = new Reading(plan);
        JudgeContext day = JudgeContext.on(today());
        List<Moved> moved = new ArrayList<>(0);
        for (Bind bind : binds) {
            Cell cell = cell(cells, bind.column());
            JudgeContext context = series.contains(bind.column()) ? day.withSeries(true) : day;
            if (bind.city() >= 0) {
                context = context.withCity(cell(cells, bind.city()).text().strip());
            }
            take(bind, cell, context, reading, moved);
        }
        keeps.forEach((keep, column) -> reading.kept[keep] = scalar(cell(cells, column)));
        moved.forEach(value -> place(value, day, reading));
        for (int i = header.size(); i < cells.size(); i++) {
            if (cells.get(i).kind() != Cell.Kind.EMPTY) {
                reading.refuseRecord(
                        "",
                        "row " + rowNumber,
                        FindingCode.LENGTH,
                        "more cells than the header has columns; values may have slipped");
                break;
            }
        }
        reading.finish();
        return reading.record(source(cells), unmapped);
    }

    /** A right value in a wrong column. */
    private record Moved(CompiledRule from, String value) {}

    private LocalDate today() {
        LocalDate day = today;
        return day != null
                ? day
                : UtcClock.system().instant().atZone(ZoneOffset.UTC).toLocalDate();
    }

    private static Cell cell(List<Cell> cells, int column) {
        return column < cells.size() ? cells.get(column) : Cell.empty();
    }

    private void take(Bind bind, Cell cell, JudgeContext context, Reading reading, List<Moved> moved) {
        String column = header.get(bind.column());
        Judge<?> judge = bind.bound().judge;
        if (judge == null && cell.kind() == Cell.Kind.ERROR) {
            reading.refuseValue(
                    bind.rule(), new ConversionFault(FindingCode.FORMULA_ERROR, "a formula failed here"), column);
            return;
        }
        if (judge == null) {
            reading.take(bind.rule(), bind.bound(), cell.text(), scalar(cell).kind(), reading.slots, column);
            return;
        }
        Judged<?> judged = reading.judge(bind.rule(), judge, cell, context, reading.slots, column);
        for (Finding finding : judged.findings()) {
            if (finding.action() == Action.MOVE && finding.value() != null) {
                moved.add(new Moved(bind.rule(), finding.value()));
            }
        }
    }

    /**
     * Puts a phone number that stood in the column of the other kind where it belongs, also where the sheet has no such column;
     * among the further ones if another number is there.
     */
    private void place(Moved moved, JudgeContext day, Reading reading) {
        for (CompiledRule rule : plan.rules) {
            Target target = rule.target();
            Judge<?> judge = rule.bound().judge;
            if (rule.number() != moved.from().number()
                    && judge != null
                    && target != null
                    && target.type().kind() == Type.Kind.PHONE
                    && rule.direct()
                    && rule.direction().reads()
                    && (reading.slots[target.slot()] == null || reading.slots[target.slot()] == Part.NULL)) {
                Judged<?> judged = judge.judge(Cell.text(moved.value()), day);
                if (judged.value() instanceof PhoneNumber && !judged.flagged()) {
                    reading.slots[target.slot()] = judged.value();
                    return;
                }
            }
        }
        reading.further(PhoneNumber.ofE164(moved.value()));
    }

    private static Scalar scalar(Cell cell) {
        return switch (cell.kind()) {
            case EMPTY -> new Scalar("", Scalar.Kind.TEXT);
            case NUMBER, DATE -> new Scalar(cell.text(), Scalar.Kind.NUMBER);
            case BOOLEAN -> cell.text().equals("TRUE") ? Scalar.TRUE : Scalar.FALSE;
            case TEXT, ERROR -> new Scalar(cell.text(), Scalar.Kind.TEXT);
        };
    }

    /** The whole row by its headers, under which its columns are known to the mapping. */
    private Map<String, Object> source(List<Cell> cells) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < header.size() && i < cells.size(); i++) {
            if (cells.get(i).kind() != Cell.Kind.EMPTY) {
                row.putIfAbsent(header.get(i), new Scalar(cells.get(i).text(), Scalar.Kind.TEXT));
            }
        }
        return row;
    }
}
