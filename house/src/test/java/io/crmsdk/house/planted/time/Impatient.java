package io.crmsdk.house.planted.time;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Date;
import java.util.Locale;
import java.util.TimeZone;
import java.util.function.Supplier;

/** Makes every kind of banned call. */
final class Impatient {
    Supplier<Instant> now = Instant::now;

    String calls() {
        try {
            Thread.sleep(0);
        } catch (InterruptedException e) {
            e.printStackTrace();
        }
        return "" + Instant.now() + System.currentTimeMillis() + LocalDate.now() + LocalDateTime.now()
                + ZoneId.systemDefault() + new Date() + TimeZone.getDefault() + Locale.getDefault() + Clock.systemUTC()
                + String.format("%d", 1) + "I".toLowerCase();
    }

    String allowed() {
        return "" + new Date(0) + String.format(Locale.ROOT, "%d", 1) + "I".toLowerCase(Locale.ROOT);
    }
}
