/** Sheets: CSV and XLSX files read as numbered rows of raw cells, judged for damage of their structure, and written so that no cell can run as a formula. */
@NullMarked
package io.crmsdk.erp.file;

import org.jspecify.annotations.NullMarked;
