package io.crmsdk.receivables;

import io.crmsdk.model.Money;
import io.crmsdk.model.PaymentStatus;
import io.crmsdk.model.SettlementKind;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Entries as they are shown. */
final class Entries {
    private Entries() {}

    static List<LedgerEntry> read(PreparedStatement statement) throws SQLException {
        List<LedgerEntry> entries = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                entries.add(entry(row));
            }
        }
        return entries;
    }

    private static LedgerEntry entry(ResultSet row) throws SQLException {
        boolean allocated = !row.getString(4).equals(LedgerEntry.UNALLOCATED);
        return new LedgerEntry(
                row.getLong(1),
                row.getString(2),
                LedgerEntry.Reason.valueOf(row.getString(3)),
                allocated ? DocumentKind.valueOf(row.getString(4)) : null,
                allocated ? row.getString(5) : null,
                SettlementKind.valueOf(row.getString(6)),
                row.getString(7).equals(PaymentStatus.PENDING.name()),
                Money.of(new BigDecimal(row.getString(9)), row.getString(8)),
                Instant.EPOCH.plus(row.getLong(10), ChronoUnit.MICROS));
    }
}
