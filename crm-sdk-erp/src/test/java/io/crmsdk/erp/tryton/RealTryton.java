package io.crmsdk.erp.tryton;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmsdk.fixtures.SharedFiles;
import io.crmsdk.sync.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Tryton server of this machine, started once; tests are skipped with a message where there can be none. */
final class RealTryton {
    private static final int PORT = 18091;

    private RealTryton() {}

    /** The settings of a connection, after the server is up with its database as it was built. */
    static Settings settings(Path folder) throws IOException, InterruptedException {
        Path scripts = SharedFiles.find("tools/real-erp").orElse(null);
        assumeTrue(scripts != null, "skipped: the scripts that start a real Tryton are not here");
        assumeTrue(isUp(scripts), "skipped: a real Tryton cannot be installed and started here");
        String yaml = """
                url: http://127.0.0.1:%d
                private-network: true
                plain-http: true
                database: demo
                user: connector
                password: env:PASSWORD
                """.formatted(PORT);
        return Settings.load(
                Files.writeString(folder.resolve("tryton.yaml"), yaml), Map.of("PASSWORD", "api-secret-1")::get);
    }

    private static boolean isUp(Path scripts) throws IOException, InterruptedException {
        ProcessBuilder up = new ProcessBuilder(scripts.resolve("up.sh").toString());
        up.environment().put("REAL_ERP_PORT", String.valueOf(PORT));
        up.environment().put("REAL_ERP_DB", "sqlite");
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
