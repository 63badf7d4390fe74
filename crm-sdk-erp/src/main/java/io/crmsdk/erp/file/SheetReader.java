package io.crmsdk.erp.file;

import io.crmsdk.mapping.MappedRecord;
import io.crmsdk.mapping.Mapping;
import io.crmsdk.mapping.RowMapping;
import io.crmsdk.quality.Finding;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;

/**
 * Reads the records of a sheet through a mapping: each row becomes one result that stands for itself, so that an import can be
 * stopped and repeated at any row. Not thread-safe; can be gone through once, in constant memory.
 *
 * <pre>{@code
 * try (SheetReader reader = SheetReader.open(SheetSource.of(file), Mapping.bundled("cn/customers"))) {
 *     while (reader.hasNext()) {
 *         SheetResult result = reader.next();
 *         System.out.println(result.number() + " " + result.outcome());
 *     }
 *     System.out.println(reader.counts());
 * }
 * }</pre>
 */
public final class SheetReader implements Iterator<SheetResult>, AutoCloseable {
    private final SheetRows rows;
    private final RowMapping mapping;
    private final ShiftCheck shifts;
    private final Map<RowOutcome, Long> counts = new EnumMap<>(RowOutcome.class);

    private SheetReader(SheetRows rows, RowMapping mapping) {
        this.rows = rows;
        this.mapping = mapping;
        this.shifts = new ShiftCheck(mapping);
        for (RowOutcome outcome : RowOutcome.values()) {
            counts.put(outcome, 0L);
        }
    }

    /**
     * Opens a sheet and binds the mapping to its columns.
     *
     * @throws FileException if the file is refused
     * @throws io.crmsdk.mapping.MappingException if the columns do not fit the mapping; the file is closed then
     */
    public static SheetReader open(SheetSource source, Mapping mapping) {
        SheetRows rows = source.open();
        try {
            return of(rows, mapping.forColumns(rows.header()));
        } catch (RuntimeException e) {
            rows.close();
            throw e;
        }
    }

    /** Reads a sheet that is open already, by a mapping chosen by its {@linkplain SheetRows#header() header}. */
    public static SheetReader of(SheetRows rows, RowMapping mapping) {
        if (!rows.header().equals(mapping.header())) {
            throw new IllegalArgumentException("the mapping was bound to another header than the sheet's");
        }
        return new SheetReader(Objects.requireNonNull(rows, "rows"), mapping);
    }

    /** The sheet that is read. */
    public SheetRows sheet() {
        return rows;
    }

    /** The mapping as it is bound to the sheet's columns. */
    public RowMapping mapping() {
        return mapping;
    }

    /**
     * Whether another row follows.
     *
     * @throws FileException if reading fails or the file changed; results given before stay valid
     */
    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    /**
     * The next row and what became of it.
     *
     * @throws FileException if reading fails or the file changed; results given before stay valid
     */
    @Override
    public SheetResult next() {
        SheetRow row = rows.next();
        SheetResult result = row.kind() == RowKind.DATA ? read(row) : SheetResult.of(row);
        counts.merge(result.outcome(), 1L, Long::sum);
        return result;
    }

    private SheetResult read(SheetRow row) {
        MappedRecord record = mapping.read(row.number(), row.cells(), row.series());
        Finding shifted = shifts.look(row, record);
        return shifted == null ? SheetResult.of(row, record) : SheetResult.refused(row, shifted);
    }

    /** How many rows ended how, so far; every outcome is there. */
    public Map<RowOutcome, Long> counts() {
        return Map.copyOf(counts);
    }

    /** Lets go of the file. */
    @Override
    public void close() {
        rows.close();
    }
}
