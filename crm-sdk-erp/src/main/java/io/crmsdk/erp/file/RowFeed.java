package io.crmsdk.erp.file;

import io.crmsdk.quality.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where rows come from. Not thread-safe. */
interface RowFeed extends AutoCloseable {
    /** The next row of the file, blank ones too; null at the end, after which the file was checked to be unchanged. */
    @Nullable
    RawRow next();

    /** What was noticed about the file as a whole; complete once the end was reached. */
    List<Finding> findings();

    /** Whether a row's number of fields says something; the cells of a workbook know their columns. */
    boolean countsFields();

    /** How many fields most records have; 0 if the file does not say. */
    int usualWidth();

    /** Whether nearly all records have the usual width, and they are many enough to trust it. */
    boolean hasUsualWidth();

    /** The areas of merged cells in the first rows, for headers. */
    default List<Merge> headMerges() {
        return List.of();
    }

    @Override
    void close();
}
