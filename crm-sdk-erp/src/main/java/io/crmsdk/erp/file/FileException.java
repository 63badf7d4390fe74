package io.crmsdk.erp.file;

import io.crmsdk.CrmException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A file was refused as a whole, or turned out to be broken while it was read.
 *
 * <p>The message names the file (without its folders), the place and what to do; it never repeats content. Codes:
 *
 * <ul>
 *   <li>{@code FILE_NOT_READABLE}: missing, or reading failed
 *   <li>{@code FILE_EMPTY}: nothing in it; an empty file never means "no customers"
 *   <li>{@code FILE_CHANGED}: size or time changed while it was read, as when it is still being copied
 *   <li>{@code FILE_INCOMPLETE}: it ends where no complete file ends
 *   <li>{@code FILE_LIMIT}: larger than {@link FileLimits} allow
 *   <li>{@code FILE_FORMAT}: another kind of file than its reader reads, such as an old {@code .xls}
 *   <li>{@code FILE_ENCRYPTED}: protected by a password
 *   <li>{@code FILE_ENCODING}: the bytes are not text in the stated or in any known encoding, or in more than one
 *   <li>{@code FILE_QUOTE}: a quote that never ends swallowed the rest of a CSV file
 *   <li>{@code FILE_MALFORMED}: a workbook whose parts contradict its format
 *   <li>{@code FILE_UNSAFE}: a workbook that attacks its reader: external entities, document types, paths that climb out
 *   <li>{@code SHEET_UNKNOWN}: no sheet has the stated name or position, or none looks like a table
 *   <li>{@code FILE_NOT_WRITABLE}: writing failed
 * </ul>
 */
public final class FileException extends CrmException {
    private static final long serialVersionUID = 1L;

    private final long line;

    FileException(String code, String file, String message) {
        this(code, file, -1, message, null);
    }

    FileException(String code, String file, long line, String message, @Nullable Throwable cause) {
        super(code, file + (line < 1 ? "" : ", line " + line) + ": " + message, cause);
        this.line = line;
    }

    /** The physical line of a text file or the row of a workbook, from 1; empty if the whole file is meant. */
    public OptionalLong line() {
        return line < 1 ? OptionalLong.empty() : OptionalLong.of(line);
    }
}
