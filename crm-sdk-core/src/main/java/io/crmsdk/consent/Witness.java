package io.crmsdk.consent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file outside the database that remembers how far the ledger had come, so that a database brought back from a backup is
 * noticed. Written after each commit, whole or not at all. Thread-safe within one process.
 */
final class Witness {
    private static final String TITLE = "crm-sdk consent witness 1";

    private final Path file;
    private @Nullable Note last;

    Witness(Path file) {
        this.file = file.toAbsolutePath();
    }

    /**
     * What the file says; null if there is none.
     *
     * @throws ConsentException {@code WITNESS_UNREADABLE} if there is one and it cannot be read or was damaged
     */
    synchronized @Nullable Note read() {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return parse(Files.readAllLines(file));
        } catch (IOException | RuntimeException e) {
            throw new ConsentException(
                    "WITNESS_UNREADABLE",
                    "the witness file " + file.getFileName() + " cannot be read; marketing must wait. Bring it back, or"
                            + " finish a restore of the ledger and remove it",
                    e);
        }
    }

    private static Note parse(List<String> lines) {
        Note note = new Note(Long.parseLong(lines.get(1)), lines.get(2), lines.get(3), Long.parseLong(lines.get(4)));
        if (!lines.get(0).equals(TITLE) || !lines.get(5).equals(sum(note))) {
            throw new IllegalArgumentException("not a whole witness of this version");
        }
        return note;
    }

    private static String sum(Note note) {
        return Digest.of(
                TITLE, String.valueOf(note.position), note.lastId, note.chain, String.valueOf(note.incarnation));
    }

    /** Notes how far the ledger has come; an older word than what is there changes nothing. */
    synchronized void advance(Head head) {
        Note note =
                new Note(head.position(), head.lastId() == null ? "" : head.lastId(), head.chain(), head.incarnation());
        if (last == null || note.isBeyond(last)) {
            write(note);
        }
    }

    private void write(Note note) {
        try {
            Note there = last == null ? read() : last;
            if (there == null || note.isBeyond(there)) {
                replace(note);
                last = note;
            } else {
                last = there;
            }
        } catch (IOException e) {
            throw new ConsentException(
                    "WITNESS_UNWRITABLE",
                    "the event was recorded, but the witness file " + file.getFileName()
                            + " could not be written; until" + " it can, a restored backup may go unnoticed",
                    e);
        }
    }

    /** Over a whole new file, so that a crash leaves the old one or the new one. */
    private void replace(Note note) throws IOException {
        String text = String.join(
                        "\n",
                        TITLE,
                        String.valueOf(note.position),
                        note.lastId,
                        note.chain,
                        String.valueOf(note.incarnation),
                        sum(note))
                + "\n";
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        try {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * How far the ledger had come.
     *
     * @param position how many events there were
     * @param lastId the id of the last; empty if there was none
     * @param chain the hash over all of them
     * @param incarnation how often it had been brought back
     */
    record Note(long position, String lastId, String chain, long incarnation) {
        boolean isBeyond(Note other) {
            return incarnation > other.incarnation || (incarnation == other.incarnation && position > other.position);
        }
    }
}
