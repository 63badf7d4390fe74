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

    void set(String type, Function<T, @Nullable Object> value) throws SQLException {
        @Nullable Object[] values = new @Nullable Object[items.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.apply(items.get(i));
        }
        set(type, values);
    }

    /** One value an item; an array of its own type where the driver asks for it. */
    void set(String type, @Nullable Object[] values) throws SQLException {
        statement.setArray(++index, connection.createArrayOf(type, values));
    }
}
