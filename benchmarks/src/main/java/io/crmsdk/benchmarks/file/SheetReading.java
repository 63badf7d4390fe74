package io.crmsdk.benchmarks.file;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.crmsdk.erp.file.CsvExport;
import io.crmsdk.erp.file.RowKind;
import io.crmsdk.erp.file.SheetExport;
import io.crmsdk.erp.file.SheetRow;
import io.crmsdk.erp.file.SheetRows;
import io.crmsdk.erp.file.SheetSource;
import io.crmsdk.erp.file.XlsxExport;
import io.crmsdk.quality.Cell;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.dhatim.fastexcel.reader.Sheet;

/**
 * How fast a sheet of customers is read, checked and told apart, beside its bare library in the same run. The bare library
 * gets the encoding for free and checks nothing; both must see the same characters.
 *
 * <p>Arguments: {@code csv|gb18030|xlsx}, rows, rounds. Run it with {@code -Xmx64m}: memory does not grow with the file.
 */
public final class SheetReading {
    private static final List<String> HEADER = List.of(
            "客户编号", "客户名称", "联系人", "职务", "手机", "固定电话", "邮箱", "统一社会信用代码", "省份", "城市", "地址", "累计消费", "注册时间", "备注");
    private static final long MEGABYTE = 1L << 20;

    private SheetReading() {}

    /** Writes the sheet, reads it by both in turn, and prints rows per second. */
    public static void main(String[] arguments) throws IOException {
        String kind = arguments[0];
        int rows = Integer.parseInt(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        Path file = Files.createTempFile("sheet", kind.equals("xlsx") ? ".xlsx" : ".csv");
        try {
            write(kind, file, rows);
            System.out.printf(
                    Locale.ROOT,
                    "%s, %,d rows, %,d MB, heap limit %,d MB%n",
                    kind,
                    rows,
                    Files.size(file) / MEGABYTE,
                    Runtime.getRuntime().maxMemory() / MEGABYTE);
            for (int round = 1; round <= rounds; round++) {
                Timed bare = time(() -> bare(kind, file));
                Timed ours = time(() -> ours(file));
                if (bare.characters != ours.characters) {
                    throw new IllegalStateException(
                            "not the same characters: " + bare.characters + " and " + ours.characters);
                }
                System.out.printf(
                        Locale.ROOT,
                        "round %d: bare %,.0f rows/s, ours %,.0f rows/s, ratio %.2f%n",
                        round,
                        rows / bare.seconds,
                        rows / ours.seconds,
                        bare.seconds / ours.seconds);
            }
            System.out.printf(Locale.ROOT, "peak heap %,d MB%n", peakHeap() / MEGABYTE);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private record Timed(double seconds, long characters) {}

    private interface Read {
        long characters() throws IOException;
    }

    private static Timed time(Read read) throws IOException {
        long start = System.nanoTime();
        long characters = read.characters();
        return new Timed((System.nanoTime() - start) / 1e9, characters);
    }

    private static void write(String kind, Path file, int rows) {
        try (SheetExport export = kind.equals("xlsx")
                ? XlsxExport.to(file, "customers", HEADER)
                : CsvExport.builder(file)
                        .charset(kind.equals("csv") ? StandardCharsets.UTF_8 : Charset.forName("GB18030"))
                        .unsafelyWithoutApostrophes()
                        .open(HEADER)) {
            for (int i = 0; i < rows; i++) {
                export.row(row(i));
            }
            export.finish();
        }
    }

    private static List<Cell> row(int i) {
        return List.of(
                Cell.text(String.format(Locale.ROOT, "%07d", i)),
                Cell.text("北京第" + i + "号科技有限公司"),
                Cell.text("张" + (char) ('一' + i % 2000)),
                Cell.text("经理"),
                Cell.text("138" + (10_000_000L + (i * 7919L) % 89_999_999)),
                Cell.text("010-6" + (1_000_000 + i % 8_999_999)),
                Cell.text("contact" + i + "@c" + i % 997 + ".example.com"),
                Cell.text("91110199MA" + (10_000_000 + i % 89_999_999)),
                Cell.text("北京市"),
                Cell.text("北京市"),
                Cell.text("中关村大街" + i % 999 + "号"),
                Cell.number(i % 100_000 + ".25", null),
                Cell.text("2024-05-0" + (1 + i % 9) + " 12:30:" + (10 + i % 50)),
                i % 5 == 0 ? Cell.text("优先,\n电话联系") : Cell.empty());
    }

    private static long ours(Path file) {
        long characters = 0;
        try (SheetRows rows = SheetSource.of(file).open()) {
            while (rows.hasNext()) {
                SheetRow row = rows.next();
                if (row.kind() == RowKind.DATA) {
                    for (Cell cell : row.cells()) {
                        characters += cell.text().length();
                    }
                }
            }
        }
        return characters;
    }

    private static long bare(String kind, Path file) throws IOException {
        return kind.equals("xlsx")
                ? bareXlsx(file)
                : bareCsv(file, kind.equals("csv") ? StandardCharsets.UTF_8 : Charset.forName("GB18030"));
    }

    private static long bareCsv(Path file, Charset charset) throws IOException {
        long characters = 0;
        boolean header = true;
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                .detectBomHeader(charset.equals(StandardCharsets.UTF_8))
                .ofCsvRecord(file, charset)) {
            for (CsvRecord record : reader) {
                for (int field = 0; !header && field < record.getFieldCount(); field++) {
                    characters += record.getField(field).length();
                }
                header = false;
            }
        }
        return characters;
    }

    private static long bareXlsx(Path file) throws IOException {
        try (ReadableWorkbook workbook = new ReadableWorkbook(file.toFile())) {
            Sheet sheet = workbook.getFirstSheet();
            try (Stream<Row> rows = sheet.openStream()) {
                return rows.skip(1).mapToLong(SheetReading::characters).sum();
            }
        }
    }

    private static long characters(Row row) {
        long characters = 0;
        for (org.dhatim.fastexcel.reader.Cell cell : row) {
            characters += cell == null || cell.getRawValue() == null
                    ? 0
                    : cell.getRawValue().length();
        }
        return characters;
    }

    private static long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == java.lang.management.MemoryType.HEAP)
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
    }
}
