package io.crmsdk.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Parameters of one statement that are arrays, one element an item; in the order of their places. */
final class Columns<T> {
    private final Connection connection;
    private final PreparedStatement statement;
    private final List<T> items;
    private int index;

    /** @param index the place before the first of them */
    Columns(Connection connection, PreparedStatement statement, int index, List<T> items) {
        this.connection = connection;
        this.statement = statement;
        this.index = index;
        this.items = items;
    }

    /** The place of the last one set. */
    int index() {
        return index;
    }

    // Arrays of their own types, which the driver sends as they are; of objects it would write and escape a text.

    void texts(Function<T, @Nullable String> value) throws SQLException {
        @Nullable String[] values = new @Nullable String[items.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.apply(items.get(i));
        }
        set("text", values);
    }

    void longs(Function<T, @Nullable Long> value) throws SQLException {
        @Nullable Long[] values = new @Nullable Long[items.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.apply(items.get(i));
        }
        set("int8", values);
    }

    void integers(Function<T, Integer> value) throws SQLException {
        Integer[] values = new Integer[items.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.apply(items.get(i));
        }
        set("int4", values);
    }

    void bytes(Function<T, byte[]> value) throws SQLException {
        byte[][] values = new byte[items.size()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.apply(items.get(i));
        }
        set("bytea", values);
    }

    private void set(String type, @Nullable Object[] values) throws SQLException {
        statement.setArray(++index, connection.createArrayOf(type, values));
    }
}
