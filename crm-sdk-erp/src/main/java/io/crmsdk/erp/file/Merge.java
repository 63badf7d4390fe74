package io.crmsdk.erp.file;

/** An area of merged cells; rows from 1, columns from 0, both ends included. */
record Merge(int firstRow, int firstColumn, int lastRow, int lastColumn) {
    boolean covers(int row, int column) {
        return row >= firstRow && row <= lastRow && column >= firstColumn && column <= lastColumn;
    }
}
