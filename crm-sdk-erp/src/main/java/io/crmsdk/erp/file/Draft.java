package io.crmsdk.erp.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that is written beside its target and takes its place when it is whole. */
final class Draft {
    private final Path target;
    private final Path draft;
    private final OutputStream out;

    Draft(Path target) {
        this.target = target;
        try {
            Path folder = target.toAbsolutePath().getParent();
            this.draft = Files.createTempFile(folder, "." + target.getFileName(), ".part");
            this.out = new BufferedOutputStream(Files.newOutputStream(draft), 1 << 16);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    OutputStream out() {
        return out;
    }

    String name() {
        return String.valueOf(target.getFileName());
    }

    FileException failed(IOException cause) {
        return new FileException(
                "FILE_NOT_WRITABLE", String.valueOf(target.getFileName()), -1, "writing failed", cause);
    }

    FileException refused(long row, String message) {
        return new FileException("FILE_NOT_WRITABLE", name(), row, message, null);
    }

    /** On disk before it is visible: a power cut leaves the old file or the new one. */
    void publish() {
        try {
            out.close();
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            try {
                Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    void discard() {
        try {
            out.close();
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
