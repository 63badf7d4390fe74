package io.crmsdk.erp.file;

import io.crmsdk.quality.Cell;
import io.crmsdk.sync.Capabilities;
import io.crmsdk.sync.Cause;
import io.crmsdk.sync.Connector;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.Found;
import io.crmsdk.sync.Page;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.sync.Write;
import io.crmsdk.sync.Written;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a sheet as the source of a pair: each row is a record under the text of one column, its cells are texts, an empty
 * cell says that its field is empty. Only reads, in constant memory.
 *
 * <p>A row that is broken, has no id or cannot be trusted makes the whole file unreadable, with the row's number: records that are
 * absent from a complete listing are taken for deleted, so a listing with holes would archive whoever fell into one. Whether two
 * rows have the same id is the engine's affair; the later one counts. Thread-safe.
 */
public final class SheetConnector implements Connector {
    private static final int PAGE = 500;

    private final SheetSource source;
    private final String id;
    private final Capabilities capabilities;
    private @Nullable SheetRows open;
    private String at = "";

    private SheetConnector(SheetSource source, String id) {
        this.source = source;
        this.id = id;
        this.capabilities =
                Capabilities.builder("file", "", source.name()).pageSize(PAGE).build();
    }

    /**
     * A connector of a file that can be opened again.
     *
     * @param id the name of the column whose text names the record
     */
    public static SheetConnector of(SheetSource source, String id) {
        return new SheetConnector(Objects.requireNonNull(source, "source"), Objects.requireNonNull(id, "id"));
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public synchronized Page list(@Nullable String next, int limit) {
        SheetRows rows = rowsAt(next);
        List<RemoteRecord> records = new ArrayList<>();
        while (records.size() < limit && rows.hasNext()) {
            RemoteRecord record = record(rows, rows.next());
            if (record != null) {
                records.add(record);
            }
        }
        if (rows.hasNext()) {
            at = String.valueOf(Long.parseLong(next == null ? "0" : next) + records.size());
            return Page.of(records, at);
        }
        close();
        return Page.last(records);
    }

    /** The rows from a record on: those that are open if they stand there, else from the beginning of the file. */
    private SheetRows rowsAt(@Nullable String next) {
        SheetRows rows = open;
        if (rows != null && next != null && next.equals(at)) {
            return rows;
        }
        close();
        rows = source.open();
        open = rows;
        for (long skip = next == null ? 0 : Long.parseLong(next); skip > 0 && rows.hasNext(); ) {
            skip -= record(rows, rows.next()) == null ? 0 : 1;
        }
        return rows;
    }

    /** Null for a row that is none of the table's data. */
    private @Nullable RemoteRecord record(SheetRows rows, SheetRow row) {
        if (row.kind() == RowKind.BROKEN) {
            throw refused(row, "FILE_ROW_BROKEN", "cannot be trusted");
        }
        if (row.kind() != RowKind.DATA) {
            return null;
        }
        List<String> header = rows.header();
        Fields.Builder fields = Fields.builder();
        String name = "";
        for (int column = 0; column < header.size(); column++) {
            Cell cell = row.cells().get(column);
            String text = text(row, header.get(column), cell);
            if (header.get(column).equals(id)) {
                name = text;
            } else {
                fields.text(header.get(column).replace("\\", "\\\\").replace(".", "\\."), text.isEmpty() ? null : text);
            }
        }
        if (name.isEmpty()) {
            String problem = header.contains(id) ? "has nothing in column " + id : "is in a sheet without column " + id;
            throw refused(row, "FILE_ROW_WITHOUT_ID", problem);
        }
        return RemoteRecord.of(name, fields.build());
    }

    private String text(SheetRow row, String column, Cell cell) {
        if (cell.kind() != Cell.Kind.DATE) {
            return cell.text().strip();
        }
        return SheetDates.text(cell)
                .orElseThrow(() -> refused(
                        row,
                        "FILE_NO_DATE",
                        "has a day in column " + column + " that no calendar has, shown as a date"));
    }

    private ConnectorException refused(SheetRow row, String code, String problem) {
        return new ConnectorException(
                Cause.DATA,
                code,
                source.name() + " row " + row.number() + " " + problem + "; nothing was taken",
                null,
                null);
    }

    /** Looks through the file from its beginning. */
    @Override
    public Found fetch(String wanted) {
        RemoteRecord found = null;
        try (SheetRows rows = source.open()) {
            while (rows.hasNext()) {
                RemoteRecord record = record(rows, rows.next());
                found = record != null && record.id().equals(wanted) ? record : found;
            }
        }
        return found == null ? new Found.Gone() : new Found.Present(found);
    }

    @Override
    public List<Written> write(List<Write> writes) {
        throw new ConnectorException(Cause.BUG, "READ_ONLY", "a sheet is only read; nothing was written", null, null);
    }

    /** Lets go of the file. */
    @Override
    public synchronized void close() {
        SheetRows rows = open;
        open = null;
        at = "";
        if (rows != null) {
            rows.close();
        }
    }
}
