package io.crmsdk.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The version of a file's content, so that reading the same file again is the same reading. */
public final class FileHash {
    private FileHash() {}

    /** SHA-256 in hex, or a fresh word for standard input, of which nobody can tell whether it is the same. */
    public static String of(@Nullable String file) throws IOException {
        if (file == null || file.equals("-")) {
            return "stdin-" + UUID.randomUUID();
        }
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
