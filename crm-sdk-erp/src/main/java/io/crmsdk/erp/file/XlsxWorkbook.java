package io.crmsdk.erp.file;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamConstants;
import org.jspecify.annotations.Nullable;

/** What a workbook says about itself: its sheets, its date system, where its parts are. */
final class XlsxWorkbook {
    private static final String RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private static final String STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships";
    private static final String MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
    private static final String MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml";
    private static final String BINARY = "application/vnd.ms-excel.sheet.binary.macroEnabled.main";
    private static final String TEXTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml";
    private static final String STYLES = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
    private static final int MOST_SHEETS = 1_000;

    private final XlsxPackage archive;
    private final FileLimits limits;
    private final List<Sheet> sheets = new ArrayList<>();
    private String workbookPart = "xl/workbook.xml";
    private @Nullable String textsPart;
    private @Nullable String stylesPart;
    private boolean date1904;
    private int texts;

    /**
     * One sheet.
     *
     * @param part where it is; empty if the workbook does not say
     */
    record Sheet(int index, String name, boolean hidden, String part) {}

    XlsxWorkbook(XlsxPackage archive, FileLimits limits) {
        this.archive = archive;
        this.limits = limits;
        readContentTypes();
        readWorkbook(readRelationships());
        checkTexts();
        checkStyles();
    }

    List<Sheet> sheets() {
        return sheets;
    }

    boolean date1904() {
        return date1904;
    }

    boolean hasStyles() {
        return stylesPart != null;
    }

    /** How many shared texts there are. */
    int texts() {
        return texts;
    }

    private void readContentTypes() {
        if (!archive.has("[Content_Types].xml")) {
            throw archive.unsupported("an archive, but no workbook");
        }
        try (XmlPart xml = new XmlPart(archive, "[Content_Types].xml")) {
            boolean workbook = false;
            for (int event = xml.next(); event != XMLStreamConstants.END_DOCUMENT; event = xml.next()) {
                if (event != XMLStreamConstants.START_ELEMENT || !xml.element().equals("Override")) {
                    continue;
                }
                String type = String.valueOf(xml.attribute("ContentType"));
                String part = withoutSlash(String.valueOf(xml.attribute("PartName")));
                switch (type) {
                    case MAIN, MACROS -> {
                        workbookPart = part;
                        workbook = true;
                    }
                    case TEXTS -> textsPart = part;
                    case STYLES -> stylesPart = part;
                    case BINARY -> throw archive.unsupported("a binary workbook (.xlsb)");
                    default -> {
                        // Themes, drawings and the like hold no cells.
                    }
                }
            }
            if (!workbook && !archive.has(workbookPart)) {
                throw archive.unsupported("an archive, but no workbook");
            }
        }
    }

    private static String withoutSlash(String path) {
        return path.startsWith("/") ? path.substring(1) : path;
    }

    private Map<String, String> readRelationships() {
        int slash = workbookPart.lastIndexOf('/') + 1;
        String folder = workbookPart.substring(0, slash);
        Map<String, String> parts = new HashMap<>();
        try (XmlPart xml = new XmlPart(archive, folder + "_rels/" + workbookPart.substring(slash) + ".rels")) {
            for (int event = xml.next(); event != XMLStreamConstants.END_DOCUMENT; event = xml.next()) {
                if (event == XMLStreamConstants.START_ELEMENT && xml.element().equals("Relationship")) {
                    String id = xml.attribute("Id");
                    String target = xml.attribute("Target");
                    if (id != null && target != null) {
                        parts.put(id, target.startsWith("/") ? target.substring(1) : folder + target);
                    }
                }
            }
        }
        return parts;
    }

    private void readWorkbook(Map<String, String> parts) {
        try (XmlPart xml = new XmlPart(archive, workbookPart)) {
            for (int event = xml.next(); event != XMLStreamConstants.END_DOCUMENT; event = xml.next()) {
                if (event != XMLStreamConstants.START_ELEMENT) {
                    continue;
                }
                if (xml.element().equals("workbookPr")) {
                    date1904 = xml.isTrue("date1904");
                } else if (xml.element().equals("sheet")) {
                    addSheet(xml, parts);
                }
            }
        }
        if (sheets.isEmpty()) {
            throw archive.malformed("the workbook has no sheet", null);
        }
    }

    private void addSheet(XmlPart xml, Map<String, String> parts) {
        if (sheets.size() >= MOST_SHEETS) {
            throw archive.limit("more than " + MOST_SHEETS + " sheets");
        }
        if (xml.attribute(STRICT, "id") != null) {
            throw archive.unsupported("a workbook in the strict variant of the format");
        }
        String id = xml.attribute(RELATIONSHIPS, "id");
        String state = xml.attribute("state");
        boolean hidden = "hidden".equals(state) || "veryHidden".equals(state);
        String part = id == null ? null : parts.get(id);
        sheets.add(new Sheet(sheets.size(), String.valueOf(xml.attribute("name")), hidden, part == null ? "" : part));
    }

    private void checkTexts() {
        if (textsPart == null || !archive.has(textsPart)) {
            textsPart = null;
            return;
        }
        try (XmlPart xml = new XmlPart(archive, textsPart)) {
            int length = 0;
            for (int event = xml.next(); event != XMLStreamConstants.END_DOCUMENT; event = xml.next()) {
                if (event == XMLStreamConstants.START_ELEMENT && xml.element().equals("si")) {
                    length = 0;
                    if (++texts > limits.sharedStrings()) {
                        throw archive.limit("more than " + limits.sharedStrings() + " shared texts");
                    }
                } else if (xml.isText(event)) {
                    length += xml.textLength();
                    if (length > limits.cellChars()) {
                        throw archive.limit("a text of more than " + limits.cellChars() + " characters");
                    }
                }
            }
        }
    }

    private void checkStyles() {
        if (stylesPart == null) {
            return;
        }
        if (!archive.has(stylesPart)) {
            throw archive.malformed("its styles are missing", null);
        }
        try (XmlPart xml = new XmlPart(archive, stylesPart)) {
            xml.finish();
        }
    }
}
