package io.crmsdk.erp.jdbc;

import io.crmsdk.sync.Cause;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.time.TimeConvention;
import io.crmsdk.time.TimeException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How each column of a result becomes a field; looked at once a statement. */
final class Columns {
    /** What a column holds. */
    private enum Kind {
        TEXT,
        PADDED,
        NUMBER,
        FLAG,
        DATE,
        TIME,
        LOCAL_MOMENT,
        MOMENT,
        UUID,
        STORED
    }

    private record Column(String label, String path, Kind kind) {}

    private final List<Column> columns;
    private final int idAt;
    private final String quote;
    private final @Nullable TimeConvention times;

    private Columns(List<Column> columns, int idAt, String quote, @Nullable TimeConvention times) {
        this.columns = columns;
        this.idAt = idAt;
        this.quote = quote;
        this.times = times;
    }

    /** @throws ConnectorException if there is no id column, a name comes twice, or a column cannot be read */
    static Columns of(ResultSetMetaData meta, Connection connection, String id, @Nullable TimeConvention times)
            throws SQLException {
        boolean sqlite = isSqlite(connection);
        List<Column> columns = new ArrayList<>();
        int idAt = -1;
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            String label = meta.getColumnLabel(i);
            if (columns.stream().anyMatch(known -> known.label().equalsIgnoreCase(label))) {
                throw refused("JDBC_COLUMN_TWICE", "the query has two columns " + label + "; name one of them with AS");
            }
            Kind kind = sqlite ? Kind.STORED : kind(meta.getColumnType(i), label, meta.getColumnTypeName(i), times);
            columns.add(new Column(label, label.replace("\\", "\\\\").replace(".", "\\."), kind));
            idAt = label.equalsIgnoreCase(id) ? i : idAt;
        }
        if (idAt < 0) {
            throw refused(
                    "JDBC_NO_ID",
                    "the query has no column " + id + "; it has "
                            + String.join(
                                    ", ", columns.stream().map(Column::label).toList()));
        }
        return new Columns(List.copyOf(columns), idAt, connection.getMetaData().getIdentifierQuoteString(), times);
    }

    /** SQLite types values, not columns. */
    static boolean isSqlite(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductName().equals("SQLite");
    }

    private static Kind kind(int type, String label, String typeName, @Nullable TimeConvention times) {
        return switch (type) {
            case Types.VARCHAR, Types.NVARCHAR, Types.LONGVARCHAR, Types.LONGNVARCHAR, Types.CLOB, Types.NCLOB ->
                Kind.TEXT;
            case Types.CHAR, Types.NCHAR -> Kind.PADDED;
            case Types.BOOLEAN, Types.BIT -> Kind.FLAG;
            case Types.TINYINT,
                    Types.SMALLINT,
                    Types.INTEGER,
                    Types.BIGINT,
                    Types.NUMERIC,
                    Types.DECIMAL,
                    Types.REAL,
                    Types.FLOAT,
                    Types.DOUBLE -> Kind.NUMBER;
            case Types.DATE -> Kind.DATE;
            case Types.TIME -> Kind.TIME;
            case Types.TIMESTAMP_WITH_TIMEZONE -> Kind.MOMENT;
            case Types.TIMESTAMP -> {
                // PostgreSQL's driver calls both kinds TIMESTAMP.
                if (typeName.equalsIgnoreCase("timestamptz")) {
                    yield Kind.MOMENT;
                }
                if (times == null) {
                    throw refused(
                            "JDBC_NO_ZONE",
                            "column " + label + " holds times without zone; state how they are meant, for example time:"
                                    + " local;zone=Asia/Shanghai");
                }
                yield Kind.LOCAL_MOMENT;
            }
            default -> {
                if (typeName.equalsIgnoreCase("uuid")) {
                    yield Kind.UUID;
                }
                throw refused(
                        "JDBC_COLUMN_TYPE",
                        "column " + label + " is of type " + typeName
                                + ", which has no text of its own; cast it, or leave it out of the query");
            }
        };
    }

    /** The id column as SQL names it. */
    String quotedId() {
        String label = columns.get(idAt - 1).label();
        return quote.isBlank() ? label : quote + label.replace(quote, quote + quote) + quote;
    }

    /**
     * The present row.
     *
     * @param row its number, from 1, for messages
     * @throws ConnectorException if it has no id or a value that cannot be trusted
     */
    RemoteRecord record(ResultSet rows, long row) throws SQLException {
        Fields.Builder fields = Fields.builder();
        String name = "";
        for (int i = 1; i <= columns.size(); i++) {
            Column column = columns.get(i - 1);
            Object value = value(rows, i, column, row);
            if (i == idAt) {
                name = value == null
                        ? ""
                        : value instanceof BigDecimal number ? number.toPlainString() : value.toString();
            } else if (value == null) {
                fields.empty(column.path());
            } else if (value instanceof BigDecimal number) {
                fields.number(column.path(), number);
            } else if (value instanceof Boolean flag) {
                fields.flag(column.path(), flag);
            } else {
                fields.text(column.path(), value.toString());
            }
        }
        if (name.isBlank() || name.length() > 255) {
            throw refused(
                    "JDBC_ROW_WITHOUT_ID",
                    "row " + row + " has " + (name.isBlank() ? "nothing" : "more than 255 characters") + " in column "
                            + columns.get(idAt - 1).label() + "; nothing was taken");
        }
        return RemoteRecord.of(name, fields.build());
    }

    /** A text, a {@code BigDecimal}, a {@code Boolean}, or null. */
    private @Nullable Object value(ResultSet rows, int at, Column column, long row) throws SQLException {
        return switch (column.kind()) {
            case TEXT -> rows.getString(at);
            case PADDED -> {
                String text = rows.getString(at);
                yield text == null ? null : text.stripTrailing();
            }
            case NUMBER -> number(rows, at, column, row);
            case FLAG -> {
                boolean flag = rows.getBoolean(at);
                yield rows.wasNull() ? null : (Object) flag;
            }
            case DATE -> rows.getObject(at, LocalDate.class);
            case TIME -> rows.getObject(at, LocalTime.class);
            case UUID -> rows.getObject(at, UUID.class);
            case MOMENT -> {
                OffsetDateTime moment = rows.getObject(at, OffsetDateTime.class);
                yield moment == null ? null : moment.toInstant();
            }
            case LOCAL_MOMENT -> moment(rows.getObject(at, LocalDateTime.class), column, row);
            case STORED -> stored(rows.getObject(at), column, row);
        };
    }

    /** By its text, so that what the database shows is what is taken. */
    private static @Nullable Object number(ResultSet rows, int at, Column column, long row) throws SQLException {
        String text = rows.getString(at);
        if (text == null) {
            return null;
        }
        try {
            return new BigDecimal(text.strip());
        } catch (NumberFormatException e) {
            throw refused(
                    "JDBC_VALUE", "row " + row + " has a number in column " + column.label() + " that has no digits");
        }
    }

    private @Nullable Object moment(@Nullable LocalDateTime local, Column column, long row) {
        TimeConvention convention = times;
        if (local == null || convention == null) {
            return null;
        }
        try {
            return convention.parseInstant(local.format(DateTimeFormatter.ISO_LOCAL_DATE_TIME));
        } catch (TimeException e) {
            throw refused(
                    "JDBC_TIME",
                    "row " + row + " has a time in column " + column.label() + " that " + convention + " refuses: "
                            + e.code());
        }
    }

    private static @Nullable Object stored(@Nullable Object value, Column column, long row) {
        if (value == null || value instanceof String) {
            return value;
        }
        if (value instanceof Number number) {
            return new BigDecimal(number.toString());
        }
        throw refused(
                "JDBC_VALUE", "row " + row + " has bytes in column " + column.label() + "; leave it out of the query");
    }

    private static ConnectorException refused(String code, String message) {
        return new ConnectorException(Cause.DATA, code, message, null, null);
    }
}
