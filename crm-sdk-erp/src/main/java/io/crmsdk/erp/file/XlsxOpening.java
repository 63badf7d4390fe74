package io.crmsdk.erp.file;

import io.crmsdk.quality.Action;
import io.crmsdk.quality.Certainty;
import io.crmsdk.quality.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.ReadingOptions;
import org.jspecify.annotations.Nullable;

/** The first pass over a workbook: whether it is safe and whole, and which of its sheets is the table. */
final class XlsxOpening {
    private final FileContent file;
    private final XlsxSource.Options options;

    XlsxOpening(FileContent file, XlsxSource.Options options) {
        this.file = file;
        this.options = options;
    }

    SheetRows open() {
        try {
            file.refuseUnlessWithin(options.limits());
            file.refuseUnlessWorkbook();
            try (XlsxPackage archive = new XlsxPackage(file, options.limits())) {
                return open(archive, new XlsxWorkbook(archive, options.limits()));
            }
        } catch (FileException e) {
            file.release();
            throw e;
        }
    }

    private SheetRows open(XlsxPackage archive, XlsxWorkbook workbook) {
        if (options.sheet() != null || options.index() != XlsxSource.Options.FIRST_TABLE) {
            XlsxWorkbook.Sheet sheet = stated(workbook);
            return chosen(candidate(archive, workbook, sheet));
        }
        Candidate fallback = null;
        for (XlsxWorkbook.Sheet sheet : workbook.sheets()) {
            if (sheet.hidden() || sheet.part().isEmpty()) {
                continue;
            }
            Candidate next = candidate(archive, workbook, sheet);
            if (next.looksLikeTable()) {
                closeUnless(fallback, next);
                return chosen(next);
            }
            if (fallback == null && next.hasRows()) {
                fallback = next;
            } else {
                next.rows.close();
            }
        }
        if (fallback == null) {
            throw new FileException("FILE_EMPTY", file.name(), "no visible sheet holds anything; nothing was read");
        }
        return chosen(fallback);
    }

    @SuppressWarnings("ReferenceEquality") // the very same open rows
    private static void closeUnless(@Nullable Candidate other, Candidate kept) {
        if (other != null && other != kept) {
            other.rows.close();
        }
    }

    private static SheetRows chosen(Candidate candidate) {
        candidate.feed.choose();
        return candidate.rows;
    }

    private XlsxWorkbook.Sheet stated(XlsxWorkbook workbook) {
        for (XlsxWorkbook.Sheet sheet : workbook.sheets()) {
            boolean meant =
                    options.sheet() != null ? options.sheet().equals(sheet.name()) : options.index() == sheet.index();
            if (meant && !sheet.part().isEmpty()) {
                return sheet;
            }
        }
        throw new FileException(
                "SHEET_UNKNOWN",
                file.name(),
                "there is no such sheet; the workbook has "
                        + workbook.sheets().stream()
                                .map(XlsxWorkbook.Sheet::name)
                                .toList());
    }

    private Candidate candidate(XlsxPackage archive, XlsxWorkbook workbook, XlsxWorkbook.Sheet sheet) {
        XlsxSurvey survey = new XlsxSurvey(archive, options.limits(), workbook.texts());
        survey.run(sheet.part());
        List<Finding> findings = new ArrayList<>();
        noteHidden(survey, findings);
        noteOthers(workbook, sheet, findings);
        try {
            ReadableWorkbook library =
                    new ReadableWorkbook(file.path().toFile(), new ReadingOptions(workbook.hasStyles(), true));
            XlsxFeed feed = feed(library, workbook, sheet, survey, findings);
            String system = workbook.date1904() ? "days from 1904" : "days from 1900";
            return new Candidate(
                    feed,
                    new SheetRows(feed, options.headerRow(), file.name() + " " + sheet.name(), "XLSX, " + system),
                    survey);
        } catch (IOException e) {
            throw archive.malformed("the workbook cannot be opened", e);
        }
    }

    private XlsxFeed feed(
            ReadableWorkbook library,
            XlsxWorkbook workbook,
            XlsxWorkbook.Sheet sheet,
            XlsxSurvey survey,
            List<Finding> findings)
            throws IOException {
        try {
            org.dhatim.fastexcel.reader.Sheet source = library.getSheet(sheet.index())
                    .orElseThrow(() -> new FileException("FILE_MALFORMED", file.name(), "a sheet got lost"));
            return new XlsxFeed(file, library, source, survey, new XlsxCells(workbook.date1904()), findings);
        } catch (IOException | RuntimeException e) {
            library.close();
            throw e;
        }
    }

    private static void noteHidden(XlsxSurvey survey, List<Finding> findings) {
        if (survey.hiddenRows() > 0) {
            findings.add(note(
                    null,
                    SheetCode.HIDDEN_ROW,
                    survey.hiddenRows() + " rows are hidden or filtered out in the spreadsheet; they were read"));
        }
        for (int column = survey.hiddenColumns().nextSetBit(0);
                column >= 0 && column < MOST_NAMED;
                column = survey.hiddenColumns().nextSetBit(column + 1)) {
            findings.add(note(
                    Labels.letters(column),
                    SheetCode.HIDDEN_COLUMN,
                    "the column is hidden in the spreadsheet; it was read"));
        }
    }

    /** Hidden columns beyond the table run to the end of the sheet; naming a few is enough. */
    private static final int MOST_NAMED = 100;

    private static void noteOthers(XlsxWorkbook workbook, XlsxWorkbook.Sheet read, List<Finding> findings) {
        for (XlsxWorkbook.Sheet other : workbook.sheets()) {
            if (other.index() != read.index()) {
                findings.add(note(
                        null,
                        SheetCode.OTHER_SHEET,
                        "the " + (other.hidden() ? "hidden " : "") + "sheet " + other.name() + " was not read"));
            }
        }
    }

    private static Finding note(@Nullable String column, String code, String message) {
        return new Finding(column, "file", code, Certainty.SUSPECT, Action.FLAG_KEEP, "", null, message);
    }

    /** A sheet that may be the one. */
    private record Candidate(XlsxFeed feed, SheetRows rows, XlsxSurvey survey) {
        boolean looksLikeTable() {
            return rows.headerRow() > 0 && rows.header().size() >= 2;
        }

        boolean hasRows() {
            return !survey.isEmpty();
        }
    }
}
