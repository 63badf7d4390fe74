package io.crmsdk.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;

/** Small things that every statement here needs. */
final class Sql {
    private static final int[] SIZES = {64, 16, 4, 1};

    private Sql() {}

    /** As many question marks as there are values, for an IN list. */
    static String marks(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    /** One batch of the same statement; the counts are exact, since none of these statements is an INSERT. */
    static <T> int[] batch(Connection connection, String sql, List<T> items, Binder<T> binder) throws SQLException {
        if (items.isEmpty()) {
            return new int[0];
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (T item : items) {
                binder.bind(statement, item);
                statement.addBatch();
            }
            return statement.executeBatch();
        }
    }

    /**
     * Runs one statement for many ids, some at a time.
     *
     * @param upToIn the statement up to and including the word IN
     * @param arguments what comes before the ids
     */
    static void updateIn(Connection connection, String upToIn, List<Object> arguments, List<String> ids)
            throws SQLException {
        inChunks(connection, upToIn, "", arguments, ids, PreparedStatement::executeUpdate);
    }

    /** As {@link #updateIn}, for any statement; few sizes of the list, so that prepared statements are found again. */
    static void inChunks(
            Connection connection,
            String upToIn,
            String afterIn,
            List<Object> arguments,
            List<String> ids,
            Runner runner)
            throws SQLException {
        int at = 0;
        for (int size : SIZES) {
            if (ids.size() - at < size) {
                continue;
            }
            try (PreparedStatement statement =
                    connection.prepareStatement(upToIn + " (" + marks(size) + ")" + afterIn)) {
                for (; ids.size() - at >= size; at += size) {
                    bind(statement, arguments, ids.subList(at, at + size));
                    runner.run(statement);
                }
            }
        }
    }

    private static void bind(PreparedStatement statement, List<Object> arguments, List<String> ids)
            throws SQLException {
        for (int i = 0; i < arguments.size(); i++) {
            statement.setObject(i + 1, arguments.get(i));
        }
        for (int i = 0; i < ids.size(); i++) {
            statement.setString(arguments.size() + i + 1, ids.get(i));
        }
    }

    static int update(Connection connection, String sql, Object... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            return statement.executeUpdate();
        }
    }

    /** SQLState class 23 is an integrity violation everywhere but in SQLite, which names no state and is never asked. */
    static boolean isDuplicate(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().startsWith("23");
    }

    /** Runs one statement whose parameters are set. */
    @FunctionalInterface
    interface Runner {
        void run(PreparedStatement statement) throws SQLException;
    }

    /** Sets the parameters of one statement. */
    @FunctionalInterface
    interface Binder<T> {
        void bind(PreparedStatement statement, T item) throws SQLException;
    }
}
