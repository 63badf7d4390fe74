package io.crmsdk.erp.tryton;

import io.crmsdk.fixtures.TrytonServers;
import io.crmsdk.sync.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** How to reach the real servers; tests are skipped with a message where there can be none. */
public final class RealTryton {
    private RealTryton() {}

    /** The settings of a connection, after the server is up with its database. */
    public static Settings settings(Path folder) throws IOException, InterruptedException {
        return settings(folder, TrytonServers.start());
    }

    /** The same by way of another address. */
    static Settings settings(Path folder, URI address) throws IOException {
        return settings(folder, address, TrytonServers.USER, TrytonServers.PASSWORD);
    }

    /** The same as somebody who may do anything. */
    static Settings administrator(Path folder) throws IOException, InterruptedException {
        return settings(folder, TrytonServers.start(), TrytonServers.ADMIN, TrytonServers.ADMIN_PASSWORD);
    }

    private static Settings settings(Path folder, URI address, String user, String password) throws IOException {
        String yaml = """
                url: %s
                private-network: true
                plain-http: true
                database: %s
                user: %s
                password: env:PASSWORD
                """.formatted(address, TrytonServers.DATABASE, user);
        return Settings.load(Files.writeString(folder.resolve("tryton.yaml"), yaml), Map.of("PASSWORD", password)::get);
    }

    /** A second server with a database of its own, whose clock is wrong; {@link #stopWrongClock} lets it go. */
    static Settings wrongClock(Path folder, String by) throws IOException, InterruptedException {
        return settings(folder, TrytonServers.startWithClock(by));
    }

    static void stopWrongClock() throws IOException, InterruptedException {
        TrytonServers.stopWrongClock();
    }
}
