package io.crmsdk.examples.cli;

import io.crmsdk.CrmException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Set;

/** The exit codes of every command. */
final class Exit {
    /** Done. */
    static final int DONE = 0;
    /** Done, with rejects or findings. */
    static final int FINDINGS = 1;
    /** Wrong usage or configuration; nothing was done. */
    static final int USAGE = 2;
    /** A needed server or file is not available. */
    static final int UNAVAILABLE = 3;
    /** Held by a guard, waiting for approval. */
    static final int HELD = 4;
    /** The outcome is not known. */
    static final int UNKNOWN = 5;

    private static final List<String> UNAVAILABLE_WORDS = List.of(
            "UNREADABLE",
            "FILE_NOT_READABLE",
            "UNWRITABLE",
            "FILE_NOT_WRITABLE",
            "UNAVAILABLE",
            "UNREACHABLE",
            "FILE_MISSING",
            "READ_ONLY",
            "CORRUPT");

    /** A server that was not reached, gave no answer, or asked to be left alone. */
    private static final Set<String> UNAVAILABLE_CODES =
            Set.of("HTTP_BUSY", "HTTP_CONNECT", "HTTP_CUT", "HTTP_FAULT", "HTTP_OPEN", "HTTP_TIMEOUT");

    private Exit() {}

    static int of(Exception e) {
        if (e instanceof UsageException) {
            return USAGE;
        }
        if (e instanceof CrmException crm) {
            boolean unavailable = UNAVAILABLE_CODES.contains(crm.code())
                    || UNAVAILABLE_WORDS.stream().anyMatch(crm.code()::contains);
            return unavailable ? UNAVAILABLE : USAGE;
        }
        return e instanceof IOException ? UNAVAILABLE : UNKNOWN;
    }

    static String describe(Exception e) {
        if (e instanceof NoSuchFileException missing) {
            return "there is no file " + missing.getFile();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
