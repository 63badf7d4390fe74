package io.crmsdk.store;

import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A database server that one test has for itself, and which it may stop, kill and start again. */
public final class OwnServer implements AutoCloseable {
    private final Kind kind;
    private final String url;
    private final List<String> command;
    private ProcessHandle process;

    OwnServer(Kind kind, String url) throws SQLException, IOException {
        this.kind = kind;
        this.url = url;
        process = running();
        command = new ArrayList<>();
        if (kind == Kind.POSTGRESQL && System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U")); // PostgreSQL refuses to be run by root
        }
        command.add(process.info().command().orElseThrow());
        command.addAll(List.of(process.info().arguments().orElseThrow()));
    }

    private ProcessHandle running() throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection(url);
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        kind == Kind.POSTGRESQL ? "SELECT pg_backend_pid()" : "SELECT @@pid_file")) {
            row.next();
            return kind == Kind.POSTGRESQL
                    ? ProcessHandle.of(row.getLong(1))
                            .flatMap(ProcessHandle::parent)
                            .orElseThrow()
                    : ProcessHandle.of(Long.parseLong(
                                    Files.readString(Path.of(row.getString(1))).strip()))
                            .orElseThrow();
        }
    }

    /** The database that it begins with. */
    public TestDatabase database() {
        return TestDatabase.server(kind, url);
    }

    /** Another one, which the test has made. */
    public TestDatabase database(String name) {
        return TestDatabase.server(kind, url.replaceFirst("/[a-z]+\\?", "/" + name + "?"));
    }

    /** Kills it as a power cut does, or has it throw out its clients and write down what it has, and waits for its end. */
    public void stop(boolean killed) throws IOException {
        if (killed) {
            process.destroyForcibly();
        } else if (kind == Kind.POSTGRESQL) {
            new ProcessBuilder("kill", "-INT", "" + process.pid()).start(); // the "fast" stop; TERM waits for clients
        } else {
            process.destroy();
        }
        process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Starts it again on the same files and port, and waits until it answers. */
    public void start() {
        Awaitility.await().atMost(120, TimeUnit.SECONDS).until(() -> {
            // A new one refuses to begin as long as children of a killed one are there.
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            while (started.isAlive()) {
                try {
                    process = running();
                    return true;
                } catch (SQLException notYet) {
                    started.waitFor(50, TimeUnit.MILLISECONDS);
                }
            }
            return false;
        });
    }

    @Override
    public void close() {
        try {
            stop(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
