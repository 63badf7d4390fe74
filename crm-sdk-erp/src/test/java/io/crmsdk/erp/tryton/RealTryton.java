package io.crmsdk.erp.tryton;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmsdk.fixtures.SharedFiles;
import io.crmsdk.sync.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Tryton server of this machine, started once; tests are skipped with a message where there can be none. */
public final class RealTryton {
    private static final int PORT = 18091;
    private static final int WRONG_PORT = 18092;

    private RealTryton() {}

    /** The settings of a connection, after the server is up with its database. */
    public static Settings settings(Path folder) throws IOException, InterruptedException {
        return settings(folder, URI.create("http://127.0.0.1:" + PORT));
    }

    /** The same by way of another address. */
    static Settings settings(Path folder, URI address) throws IOException, InterruptedException {
        assumeTrue(isUp(scripts(), PORT, Map.of()), "skipped: a real Tryton cannot be installed and started here");
        String yaml = """
                url: %s
                private-network: true
                plain-http: true
                database: demo
                user: connector
                password: env:PASSWORD
                """.formatted(address);
        return Settings.load(
                Files.writeString(folder.resolve("tryton.yaml"), yaml), Map.of("PASSWORD", "api-secret-1")::get);
    }

    /** A second server with a database of its own, whose clock is wrong; {@link #stopWrongClock} lets it go. */
    static Settings wrongClock(Path folder, String by) throws IOException, InterruptedException {
        settings(folder);
        Path home = home(WRONG_PORT);
        Files.createDirectories(home);
        for (String file : List.of("kind", "built", "pristine.sqlite")) {
            Files.copy(home(PORT).resolve(file), home.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.createDirectories(home.resolve("db"));
        Map<String, String> wrong = Map.of("REAL_ERP_FAKETIME", by, "REAL_ERP_RESET", "1");
        assumeTrue(isUp(scripts(), WRONG_PORT, wrong), "skipped: a Tryton with a wrong clock cannot be started here");
        return settings(folder, URI.create("http://127.0.0.1:" + WRONG_PORT));
    }

    static void stopWrongClock() throws IOException, InterruptedException {
        run(scripts().resolve("down.sh"), WRONG_PORT, Map.of(), "--purge");
    }

    private static Path home(int port) {
        return Path.of("/var/tmp/real-erp-" + port);
    }

    private static Path scripts() {
        Path scripts = SharedFiles.find("tools/real-erp").orElse(null);
        assumeTrue(scripts != null, "skipped: the scripts that start a real Tryton are not here");
        return scripts;
    }

    private static boolean isUp(Path scripts, int port, Map<String, String> more)
            throws IOException, InterruptedException {
        return run(scripts.resolve("up.sh"), port, more);
    }

    private static boolean run(Path script, int port, Map<String, String> more, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder up = new ProcessBuilder(command);
        up.environment().put("REAL_ERP_PORT", String.valueOf(port));
        up.environment().put("REAL_ERP_DB", "sqlite");
        up.environment().putAll(more);
        Path log = Files.createTempFile("tryton", ".log");
        Process process =
                up.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            process.destroy();
            return false;
        }
        return process.exitValue() == 0;
    }
}
