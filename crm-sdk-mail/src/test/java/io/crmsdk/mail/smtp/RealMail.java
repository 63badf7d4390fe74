package io.crmsdk.mail.smtp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmsdk.mail.JsonLines;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real Postfix over loopback, of a set-up that is not part of the repository; on ports and in a folder of its own. */
final class RealMail implements AutoCloseable {
    private final Path script;
    private final Path dir;
    private final Map<String, String> environment = new LinkedHashMap<>();

    private RealMail(Path script, Path dir) throws IOException {
        this.script = script;
        this.dir = dir;
        environment.put("RM_DIR", dir.toString());
        for (String port : new String[] {"SMTP", "PLAIN", "SUBMISSION", "SMTPS", "IMAP", "IMAPS", "SINK", "DEAD"}) {
            environment.put("RM_" + port + "_PORT", String.valueOf(freePort()));
        }
    }

    /** Starts it, or skips the test with the reason. */
    static RealMail start(Path dir) throws Exception {
        Path data = JsonLines.sharedData("bounces").orElse(null);
        assumeTrue(data != null, "the set-up of a real Postfix is not at hand");
        Path script = data.getParent().getParent().resolve("tools/real-mail");
        assumeTrue(Files.exists(script.resolve("up.sh")), "the set-up of a real Postfix is not at hand");
        RealMail mail = new RealMail(script, dir);
        assumeTrue(mail.run("up.sh"), "the real Postfix did not start here; see " + mail.log("up.sh"));
        return mail;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private boolean run(String name) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("bash", script.resolve(name).toString());
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(log(name).toFile());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return false;
        }
        return process.waitFor(180, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    private Path log(String name) {
        return dir.resolveSibling(dir.getFileName() + "-" + name + ".log");
    }

    /** A port by the name the set-up gives it, for example {@code SMTP}. */
    int port(String name) {
        return Integer.parseInt(environment.get("RM_" + name + "_PORT"));
    }

    Path trustStore() {
        return dir.resolve("tls/trust.p12");
    }

    String log() throws IOException {
        return Files.readString(dir.resolve("log/mail.log"));
    }

    @Override
    public void close() throws Exception {
        run("down.sh");
    }
}
