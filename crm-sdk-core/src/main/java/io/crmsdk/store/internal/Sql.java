package io.crmsdk.store.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Small things that every statement needs. */
public final class Sql {
    /** Few lengths of a list, so that drivers and servers find statements again that they have prepared before. */
    private static final int[] SIZES = {1, 4, 16, 64, 256};

    private Sql() {}

    /** As many question marks as there are values, for an IN list. */
    public static String marks(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    /** Runs one statement with these parameters. */
    public static int update(Connection connection, String sql, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            return statement.executeUpdate();
        }
    }

    /** One batch of the same statement; the counts are exact for UPDATE and DELETE, and must not be relied on for INSERT. */
    public static <T> int[] batch(Connection connection, String sql, List<T> items, Binder<T> binder)
            throws SQLException {
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
     * Inserts rows and leaves those alone whose key is taken, without an error that would doom the transaction.
     *
     * @param intoAndValues what follows INSERT INTO
     * @return for each item 1 if its row is surely new; anything else must be looked up
     */
    public static <T> int[] insertNew(
            Dialect dialect, Connection connection, String intoAndValues, List<T> items, Binder<T> binder)
            throws SQLException {
        String sql = dialect.insertNew(intoAndValues);
        if (!dialect.insertNewThrows()) {
            return batch(connection, sql, items, binder);
        }
        int[] counts = new int[items.size()];
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < counts.length; i++) {
                binder.bind(statement, items.get(i));
                counts[i] = insertUnlessThere(dialect, statement);
            }
        }
        return counts;
    }

    private static int insertUnlessThere(Dialect dialect, PreparedStatement statement) throws SQLException {
        try {
            return statement.executeUpdate();
        } catch (SQLException e) {
            if (!dialect.isDuplicate(e)) {
                throw e;
            }
            return 0;
        }
    }

    /**
     * Runs one statement for many ids, up to 256 at a time. The last list is filled up with its last id, which changes nothing
     * for a SELECT, UPDATE or DELETE.
     *
     * @param upToIn the statement up to and including the word IN
     * @param afterIn the rest of it
     * @param arguments what comes before the ids
     */
    public static void inChunks(
            Connection connection, String upToIn, String afterIn, List<?> arguments, List<String> ids, Runner runner)
            throws SQLException {
        for (int from = 0; from < ids.size(); ) {
            int size = sizeFor(ids.size() - from);
            List<String> chunk = ids.subList(from, Math.min(from + size, ids.size()));
            try (PreparedStatement statement =
                    connection.prepareStatement(upToIn + " (" + marks(size) + ")" + afterIn)) {
                bind(statement, arguments, chunk, size);
                runner.run(statement);
            }
            from += chunk.size();
        }
    }

    private static int sizeFor(int count) {
        for (int size : SIZES) {
            if (size >= count) {
                return size;
            }
        }
        return SIZES[SIZES.length - 1];
    }

    /** As {@link #inChunks}, for an update that ends with its list. */
    public static void updateIn(Connection connection, String upToIn, List<?> arguments, List<String> ids)
            throws SQLException {
        inChunks(connection, upToIn, "", arguments, ids, PreparedStatement::executeUpdate);
    }

    /**
     * Runs one statement for many rows whose key is their owner and an id. H2 uses no more of an index than the owner before an
     * IN list, and would read all rows of the owner for each list; of whole keys it looks up each.
     *
     * @param upToWhere the statement up to and including the word WHERE and a space; it ends with the keys
     * @param arguments what comes before the keys
     * @param owner the owner of all rows
     */
    public static void inChunksOf(
            Owner owner,
            Dialect dialect,
            Connection connection,
            String upToWhere,
            List<?> arguments,
            String idColumn,
            List<String> ids,
            Runner runner)
            throws SQLException {
        if (dialect.hasIndexedInLists()) {
            List<Object> all = new ArrayList<>(arguments);
            all.addAll(owner.values());
            String equal = owner.columns().stream().map(c -> c + " = ? AND ").collect(Collectors.joining());
            inChunks(connection, upToWhere + equal + idColumn + " IN", "", all, ids, runner);
            return;
        }
        String key = "(" + String.join(", ", owner.columns()) + ", " + idColumn + ")";
        String marks = "(" + marks(owner.columns().size() + 1) + ")";
        for (int from = 0; from < ids.size(); ) {
            int size = sizeFor(ids.size() - from);
            List<String> chunk = ids.subList(from, Math.min(from + size, ids.size()));
            try (PreparedStatement statement = connection.prepareStatement(
                    upToWhere + key + " IN (" + String.join(", ", Collections.nCopies(size, marks)) + ")")) {
                int at = 0;
                for (Object argument : arguments) {
                    statement.setObject(++at, argument);
                }
                for (int i = 0; i < size; i++) {
                    for (String value : owner.values()) {
                        statement.setString(++at, value);
                    }
                    statement.setString(++at, chunk.get(Math.min(i, chunk.size() - 1)));
                }
                runner.run(statement);
            }
            from += chunk.size();
        }
    }

    /**
     * Whose rows they are: what comes before the id in their key.
     *
     * @param columns in the order of the key
     * @param values one for each column
     */
    public record Owner(List<String> columns, List<String> values) {
        /** An owner that one column names. */
        public static Owner of(String column, String value) {
            return new Owner(List.of(column), List.of(value));
        }
    }

    private static void bind(PreparedStatement statement, List<?> arguments, List<String> ids, int size)
            throws SQLException {
        for (int i = 0; i < arguments.size(); i++) {
            statement.setObject(i + 1, arguments.get(i));
        }
        for (int i = 0; i < size; i++) {
            statement.setString(arguments.size() + i + 1, ids.get(Math.min(i, ids.size() - 1)));
        }
    }

    /** Runs one statement whose parameters are set. */
    @FunctionalInterface
    public interface Runner {
        /** Runs it, and reads what it gives. */
        void run(PreparedStatement statement) throws SQLException;
    }

    /** Sets the parameters of one statement. */
    @FunctionalInterface
    public interface Binder<T> {
        /** Sets all parameters from one item. */
        void bind(PreparedStatement statement, T item) throws SQLException;
    }
}
