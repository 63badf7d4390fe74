package io.crmsdk.erp.file;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** The archive around a workbook, refused if it lies about its parts or hides more than it should. */
final class XlsxPackage implements AutoCloseable {
    private static final int MOST_PARTS = 10_000;
    private static final long SMALL = 1 << 20;

    private final FileContent file;
    private final FileLimits limits;
    private final ZipFile zip;
    private final Map<String, ZipEntry> parts = new HashMap<>();

    XlsxPackage(FileContent file, FileLimits limits) {
        this.file = file;
        this.limits = limits;
        try {
            this.zip = new ZipFile(file.path().toFile());
        } catch (ZipException | IllegalArgumentException e) {
            throw malformed("not a whole archive; perhaps it was cut. Nothing was read; send it again", e);
        } catch (IOException e) {
            throw file.unreadable(e);
        }
        try {
            checkParts();
        } catch (FileException e) {
            close();
            throw e;
        }
    }

    private void checkParts() {
        if (zip.size() > MOST_PARTS) {
            throw limit("more than " + MOST_PARTS + " parts");
        }
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
            ZipEntry part = all.nextElement();
            String name = part.getName();
            if (climbsOut(name)) {
                throw new FileException(
                        "FILE_UNSAFE",
                        file.name(),
                        "a part's path leads out of the archive; nothing was written or read");
            }
            // Readers disagree about which of two equal names counts.
            if (parts.putIfAbsent(key(name), part) != null) {
                throw malformed("two parts have the same name", null);
            }
            checkSize(part, part.getSize());
        }
    }

    private static boolean climbsOut(String name) {
        String path = name.replace('\\', '/');
        return path.startsWith("/")
                || path.equals("..")
                || path.startsWith("../")
                || path.contains("/../")
                || path.endsWith("/..")
                || path.matches("^[A-Za-z]:.*");
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private void checkSize(ZipEntry part, long size) {
        if (size > limits.partBytes()) {
            throw limit("a part of more than " + limits.partBytes() + " bytes");
        }
        if (size > SMALL && size / Math.max(1, part.getCompressedSize()) > limits.partRatio()) {
            throw limit("a part more than " + limits.partRatio() + " times larger than packed, as in a zip bomb");
        }
    }

    boolean has(String name) {
        return parts.containsKey(key(name));
    }

    /** A part that must be there. */
    InputStream open(String name) {
        ZipEntry part = parts.get(key(name));
        if (part == null) {
            throw malformed("the part " + part(name) + " is missing", null);
        }
        try {
            return new Checked(zip.getInputStream(part), part);
        } catch (IOException e) {
            throw broken(name, e);
        }
    }

    /** Names of parts come from the file; only their usual shape is repeated. */
    private static String part(String name) {
        return name.length() <= 80 && name.matches("[A-Za-z0-9_./\\[\\]-]+") ? name : "(unusual name)";
    }

    FileException malformed(String message, @Nullable Throwable cause) {
        return new FileException("FILE_MALFORMED", file.name(), -1, message, cause);
    }

    FileException malformedRow(long row, String message, @Nullable Throwable cause) {
        return new FileException("FILE_MALFORMED", file.name(), row, message, cause);
    }

    FileException broken(String part, IOException cause) {
        return malformed("the part " + part(part) + " is damaged; send the file again", cause);
    }

    FileException limit(String what) {
        return new FileException("FILE_LIMIT", file.name(), what + "; raise FileLimits if that is right");
    }

    FileException unsafe(String what) {
        return new FileException("FILE_UNSAFE", file.name(), what + "; nothing was read");
    }

    FileException unsupported(String what) {
        return new FileException("FILE_FORMAT", file.name(), what + "; open it in a spreadsheet and save it as .xlsx");
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw file.unreadable(e);
        }
    }

    /** Holds a part to the size and checksum that the archive states. */
    private static final class Checked extends FilterInputStream {
        private final ZipEntry part;
        private final CRC32 sum = new CRC32();
        private long size;

        Checked(InputStream in, ZipEntry part) {
            super(in);
            this.part = part;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int n = in.read(bytes, from, length);
            if (n < 0) {
                if (size != part.getSize() || sum.getValue() != part.getCrc()) {
                    throw new ZipException("size or checksum differs from what the archive states");
                }
                return n;
            }
            size += n;
            if (size > part.getSize()) {
                throw new ZipException("larger than the archive states");
            }
            sum.update(bytes, from, n);
            return n;
        }

        @Override
        public long skip(long n) throws IOException {
            return readNBytes((int) Math.min(n, 1 << 16)).length;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
