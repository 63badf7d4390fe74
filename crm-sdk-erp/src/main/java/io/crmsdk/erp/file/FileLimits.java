package io.crmsdk.erp.file;

/**
 * How much a file may hold before it is refused with {@code FILE_LIMIT}. Immutable; derive others with the {@code with}
 * methods.
 *
 * <p>The limits keep a hostile or broken file from taking the memory and time of the process; raise one when an honest file
 * meets it.
 *
 * @param fileBytes size of the file itself
 * @param rows records of a CSV file, or the highest row of a sheet
 * @param columns fields of one row
 * @param cellChars characters of one cell; spreadsheets keep 32,767
 * @param partBytes unpacked size of one part of a workbook
 * @param partRatio how many times larger than packed a part of more than 1 MiB may be
 * @param sharedStrings texts in a workbook's shared table, all of which its reader holds in memory
 */
public record FileLimits(
        long fileBytes, long rows, int columns, int cellChars, long partBytes, int partRatio, int sharedStrings) {
    private static final FileLimits STANDARD =
            new FileLimits(4L << 30, 10_000_000, 16_384, 100_000, 2L << 30, 150, 1_000_000);

    /**
     * Checks that something fits.
     *
     * @throws IllegalArgumentException if a limit is below 1
     */
    public FileLimits {
        if (fileBytes < 1
                || rows < 1
                || columns < 1
                || cellChars < 1
                || partBytes < 1
                || partRatio < 1
                || sharedStrings < 1) {
            throw new IllegalArgumentException("every limit of a file is at least 1");
        }
    }

    /**
     * 4 GiB, 10,000,000 rows of 16,384 columns, 100,000 characters a cell; parts of a workbook up to 2 GiB and 150 times
     * their packed size, with 1,000,000 shared texts.
     */
    public static FileLimits standard() {
        return STANDARD;
    }

    /** The same with another size of the file. */
    public FileLimits withFileBytes(long bytes) {
        return new FileLimits(bytes, rows, columns, cellChars, partBytes, partRatio, sharedStrings);
    }

    /** The same with other numbers of rows and columns. */
    public FileLimits withTable(long mostRows, int mostColumns) {
        return new FileLimits(fileBytes, mostRows, mostColumns, cellChars, partBytes, partRatio, sharedStrings);
    }

    /** The same with another length of a cell. */
    public FileLimits withCellChars(int chars) {
        return new FileLimits(fileBytes, rows, columns, chars, partBytes, partRatio, sharedStrings);
    }

    /** The same with other limits on the parts of a workbook. */
    public FileLimits withParts(long bytes, int ratio, int texts) {
        return new FileLimits(fileBytes, rows, columns, cellChars, bytes, ratio, texts);
    }
}
