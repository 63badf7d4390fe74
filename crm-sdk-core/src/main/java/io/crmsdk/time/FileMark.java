package io.crmsdk.time;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** One line of text: the mark in ISO form, so that an operator can read it. */
final class FileMark implements HighWaterMark {
    private final Path file;
    private final Path next;

    FileMark(Path file) {
        this.file = file.toAbsolutePath();
        this.next = this.file.resolveSibling(this.file.getFileName() + ".next");
    }

    @Override
    public @Nullable Instant load() {
        try {
            return Instant.parse(
                    Files.readString(file, StandardCharsets.US_ASCII).strip());
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException | DateTimeParseException e) {
            throw new TimeException(
                    TimeError.MARK_UNAVAILABLE,
                    "the clock's mark in " + file
                            + " cannot be read; repair it, or delete it to give up its protection",
                    e);
        }
    }

    @Override
    public void save(Instant mark) {
        try {
            write(ByteBuffer.wrap((mark + "\n").getBytes(StandardCharsets.US_ASCII)));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceFolder();
        } catch (IOException e) {
            throw new TimeException(
                    TimeError.MARK_UNAVAILABLE, "the clock's mark in " + file + " cannot be written", e);
        }
    }

    private void write(ByteBuffer text) throws IOException {
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
        }
    }

    /** The new name is durable only with its folder; where folders cannot be opened, the move alone has to do. */
    private void forceFolder() throws IOException {
        Path folder = file.getParent();
        if (folder == null
                || !file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
