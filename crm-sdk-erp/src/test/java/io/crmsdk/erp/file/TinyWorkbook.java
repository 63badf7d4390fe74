package io.crmsdk.erp.file;

import io.crmsdk.quality.Cell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A workbook written by hand, so that tests can put into it what writing libraries would not. */
final class TinyWorkbook {
    private final Map<String, String> parts = new LinkedHashMap<>();
    private final List<String> sheets = new ArrayList<>();
    private final List<String> formats = new ArrayList<>(List.of("General"));
    private boolean date1904;

    TinyWorkbook date1904(boolean from1904) {
        date1904 = from1904;
        return this;
    }

    /** A sheet of rows; an empty list is a row without cells. */
    TinyWorkbook sheet(String name, List<List<Cell>> rows) {
        StringBuilder xml = new StringBuilder();
        for (int row = 0; row < rows.size(); row++) {
            xml.append("<row r=\"").append(row + 1).append("\">");
            for (int column = 0; column < rows.get(row).size(); column++) {
                xml.append(
                        cell(Labels.letters(column) + (row + 1), rows.get(row).get(column)));
            }
            xml.append("</row>");
        }
        return sheet(name, "visible", "", xml.toString(), "");
    }

    /** A sheet of raw XML: what stands before the rows, the rows, and what stands behind. */
    TinyWorkbook sheet(String name, String state, String before, String rows, String behind) {
        int n = sheets.size() + 1;
        sheets.add(
                "<sheet name=\"" + name + "\" sheetId=\"" + n + "\" state=\"" + state + "\" r:id=\"rId" + n + "\"/>");
        return part(
                "xl/worksheets/sheet" + n + ".xml",
                "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">" + before
                        + "<sheetData>" + rows + "</sheetData>" + behind + "</worksheet>");
    }

    TinyWorkbook part(String name, String content) {
        parts.put(name, content);
        return this;
    }

    private String cell(String place, Cell cell) {
        return switch (cell.kind()) {
            case EMPTY -> "";
            case TEXT ->
                "<c r=\"" + place + "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">" + escaped(cell.text())
                        + "</t></is></c>";
            case NUMBER, DATE ->
                "<c r=\"" + place + "\" s=\"" + style(cell.format()) + "\"><v>" + cell.text() + "</v></c>";
            case BOOLEAN -> "<c r=\"" + place + "\" t=\"b\"><v>" + (cell.text().equals("TRUE") ? 1 : 0) + "</v></c>";
            case ERROR -> "<c r=\"" + place + "\" t=\"e\"><v>" + cell.text() + "</v></c>";
        };
    }

    private int style(String format) {
        String code = format == null ? "General" : format;
        if (!formats.contains(code)) {
            formats.add(code);
        }
        return formats.indexOf(code);
    }

    static String escaped(String text) {
        return XlsxText.escaped(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace("\"", "&quot;")
                .replace("\r", "&#13;");
    }

    Path write(Path folder) {
        try {
            Path file = Files.createTempFile(folder, "book", ".xlsx");
            Map<String, String> all = new LinkedHashMap<>();
            all.put("[Content_Types].xml", contentTypes());
            all.put("xl/workbook.xml", workbook());
            all.put("xl/_rels/workbook.xml.rels", relationships());
            all.put("xl/styles.xml", styles());
            all.putAll(parts);
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
                for (Map.Entry<String, String> part : all.entrySet()) {
                    zip.putNextEntry(new ZipEntry(part.getKey()));
                    zip.write(part.getValue().getBytes(StandardCharsets.UTF_8));
                }
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String contentTypes() {
        String main = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
        return "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                + "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" + main + "sheet.main+xml\"/>"
                + (parts.containsKey("xl/sharedStrings.xml")
                        ? "<Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"" + main + "sharedStrings+xml\"/>"
                        : "")
                + "<Override PartName=\"/xl/styles.xml\" ContentType=\"" + main + "styles+xml\"/></Types>";
    }

    private String workbook() {
        return "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
                + " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><workbookPr"
                + (date1904 ? " date1904=\"true\"" : "") + "/><sheets>" + String.join("", sheets)
                + "</sheets></workbook>";
    }

    private String relationships() {
        StringBuilder xml = new StringBuilder(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">");
        for (int n = 1; n <= sheets.size(); n++) {
            xml.append("<Relationship Id=\"rId")
                    .append(n)
                    .append("\" Type=\"worksheet\" Target=\"worksheets/sheet")
                    .append(n)
                    .append(".xml\"/>");
        }
        return xml.append("</Relationships>").toString();
    }

    private String styles() {
        StringBuilder xml = new StringBuilder(
                "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><numFmts>");
        for (int i = 1; i < formats.size(); i++) {
            xml.append("<numFmt numFmtId=\"")
                    .append(164 + i)
                    .append("\" formatCode=\"")
                    .append(escaped(formats.get(i)))
                    .append("\"/>");
        }
        xml.append("</numFmts><cellXfs>");
        for (int i = 0; i < formats.size(); i++) {
            xml.append("<xf numFmtId=\"").append(i == 0 ? 0 : 164 + i).append("\"/>");
        }
        return xml.append("</cellXfs></styleSheet>").toString();
    }
}
