package io.crmsdk.delivery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An archive of JSON Lines (UTF-8, one message a line) in a new file, which only its owner may read where the file system knows of
 * owners. Each batch is forced to the disk, and so is the folder's entry of the file, before {@link #keep} returns. Not thread-safe.
 *
 * <p>A line has {@code message}, {@code key}, {@code channel}, {@code kind}, {@code scope}, {@code priority}, {@code mediaType},
 * {@code attributes}, {@code content} (Base64), {@code notBefore}, {@code expires} and {@code deliveries}: each with {@code delivery},
 * {@code recipient}, {@code state}, {@code attempts}, {@code possibleDuplicate} and {@code history}. A last line without a line end
 * was cut by a crash; its message is still in the store, or on a later line.
 */
public final class FileArchive implements DeliveryArchive, AutoCloseable {
    private final Path file;
    private @Nullable FileChannel channel;

    private FileArchive(Path file) {
        this.file = file;
    }

    /**
     * An archive that will make this file with its first line.
     *
     * @param file must not exist; its folder must
     */
    public static FileArchive of(Path file) {
        return new FileArchive(file);
    }

    @Override
    public String name() {
        return Texts.cut(Texts.clean(String.valueOf(file.getFileName())), 1000);
    }

    @Override
    public void keep(List<String> lines) throws IOException {
        FileChannel open = channel == null ? create() : channel;
        channel = open;
        for (String line : lines) {
            ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                open.write(bytes);
            }
        }
        open.force(true);
    }

    private FileChannel create() throws IOException {
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] owner = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        FileChannel created = FileChannel.open(file, options, owner);
        try {
            forceFolder(posix);
        } catch (IOException e) {
            created.close();
            throw e;
        }
        return created;
    }

    /** So that the file is still there after a power cut. Only where a folder can be opened like a file. */
    private void forceFolder(boolean posix) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (posix && folder != null && Files.isDirectory(folder)) {
            try (FileChannel entry = FileChannel.open(folder, StandardOpenOption.READ)) {
                entry.force(true);
            }
        }
    }

    /** Closes the file. What was kept is on the disk already. */
    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
