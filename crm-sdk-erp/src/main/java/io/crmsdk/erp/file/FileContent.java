package io.crmsdk.erp.file;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Locale;

/** The bytes of a file, as they were when it was first looked at. */
final class FileContent {
    private static final int HEAD = 4096;
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] EMPTY_ZIP = {'P', 'K', 5, 6};
    private static final byte[] OLE = {
        (byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, (byte) 0xA1, (byte) 0xB1, 0x1A, (byte) 0xE1
    };
    /** How the names of an encrypted workbook's streams stand in its directory. */
    private static final byte[] ENCRYPTED = "EncryptedPackage".getBytes(StandardCharsets.UTF_16LE);

    private final Path path;
    private final String name;
    private final long size;
    private final FileTime modified;
    private final boolean temporary;

    private FileContent(Path path, String name, boolean temporary) {
        this.path = path;
        this.name = name;
        this.temporary = temporary;
        BasicFileAttributes now = attributes();
        if (!now.isRegularFile()) {
            throw new FileException("FILE_NOT_READABLE", name, "not a file");
        }
        this.size = now.size();
        this.modified = now.lastModifiedTime();
    }

    static FileContent of(Path file) {
        Path last = file.getFileName();
        return new FileContent(file, last == null ? file.toString() : last.toString(), false);
    }

    /** Copies a stream to a temporary file; POSIX systems give it to its owner alone. */
    static FileContent spool(String name, InputStream stream, FileLimits limits) {
        try {
            Path copy = Files.createTempFile("crm-sdk-", ".sheet");
            try (OutputStream out = Files.newOutputStream(copy)) {
                copy(name, stream, out, limits.fileBytes());
                return new FileContent(copy, name, true);
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(copy);
                throw e;
            }
        } catch (IOException e) {
            throw new FileException("FILE_NOT_READABLE", name, -1, "the stream broke off", e);
        }
    }

    private static void copy(String name, InputStream in, OutputStream out, long most) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            total += n;
            if (total > most) {
                throw tooLarge(name, most);
            }
            out.write(buffer, 0, n);
        }
    }

    private static FileException tooLarge(String name, long most) {
        return new FileException("FILE_LIMIT", name, "more than " + most + " bytes; raise FileLimits if that is right");
    }

    Path path() {
        return path;
    }

    String name() {
        return name;
    }

    long size() {
        return size;
    }

    SheetSource source() {
        byte[] head = head();
        if (startsWith(head, ZIP) || startsWith(head, EMPTY_ZIP) || startsWith(head, OLE)) {
            return new XlsxSource(this, XlsxSource.Options.STANDARD);
        }
        return new CsvSource(this, CsvSource.Options.STANDARD);
    }

    void refuseUnlessWithin(FileLimits limits) {
        if (size > limits.fileBytes()) {
            throw tooLarge(name, limits.fileBytes());
        }
        if (size == 0) {
            throw new FileException("FILE_EMPTY", name, "nothing is in it; nothing was read");
        }
    }

    /** A text reader that meets a workbook says so instead of guessing at its bytes. */
    void refuseUnlessText() {
        byte[] head = head();
        if (startsWith(head, ZIP) || startsWith(head, EMPTY_ZIP)) {
            throw new FileException("FILE_FORMAT", name, "a zip archive, perhaps a workbook; read it with XlsxSource");
        }
        if (startsWith(head, OLE)) {
            throw oldFormat(head);
        }
        refuseHtml(head);
    }

    /** A reader of workbooks that meets something else says what it is. */
    void refuseUnlessWorkbook() {
        byte[] head = head();
        if (startsWith(head, OLE)) {
            throw oldFormat(head);
        }
        refuseHtml(head);
        if (!startsWith(head, ZIP)) {
            throw new FileException(
                    "FILE_FORMAT",
                    name,
                    startsWith(head, EMPTY_ZIP)
                            ? "an empty archive"
                            : "not a workbook (.xlsx); text tables are read with CsvSource");
        }
    }

    private void refuseHtml(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        String start = text.replace("\u0000", "").replaceFirst("^[\\u00ef\\u00bb\\u00bf\\u00ff\\u00fe\\s]+", "");
        boolean html = start.startsWith("<!doctype")
                || (start.startsWith("<") && (start.contains("<html") || start.contains("<table")));
        if (html || start.startsWith("<?xml")) {
            throw new FileException(
                    "FILE_FORMAT",
                    name,
                    (html ? "a web page" : "an XML file")
                            + " under the name of a sheet; open it in a spreadsheet and save it as .xlsx");
        }
    }

    private FileException oldFormat(byte[] head) {
        if (indexOf(head, ENCRYPTED) >= 0 || indexOf(tail(), ENCRYPTED) >= 0) {
            return new FileException("FILE_ENCRYPTED", name, "protected by a password; save it without one");
        }
        return new FileException(
                "FILE_FORMAT", name, "an old workbook (.xls); open it in a spreadsheet and save it as .xlsx");
    }

    InputStream open() {
        try {
            return new BufferedInputStream(Files.newInputStream(path), 1 << 16);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    FileException unreadable(IOException cause) {
        return new FileException(
                "FILE_NOT_READABLE",
                name,
                -1,
                cause instanceof NoSuchFileException ? "there is no such file" : "reading failed",
                cause);
    }

    /** A file that is still being written gives rows that nobody meant. */
    void refuseIfChanged() {
        BasicFileAttributes now = attributes();
        if (now.size() != size || !now.lastModifiedTime().equals(modified)) {
            throw new FileException(
                    "FILE_CHANGED", name, "it changed while it was read; wait until it is complete and read it again");
        }
    }

    void release() {
        if (temporary) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                path.toFile().deleteOnExit();
            }
        }
    }

    byte[] head() {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(HEAD);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The directory of an old workbook may stand anywhere; small files are searched whole. */
    private byte[] tail() {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(1 << 20);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private BasicFileAttributes attributes() {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        if (bytes.length < start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if (bytes[i] != start[i]) {
                return false;
            }
        }
        return true;
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        outer:
        for (int i = 0; i + part.length <= bytes.length; i++) {
            for (int k = 0; k < part.length; k++) {
                if (bytes[i + k] != part[k]) {
                    continue outer;
                }
            }
            return i;
        }
        return -1;
    }
}
