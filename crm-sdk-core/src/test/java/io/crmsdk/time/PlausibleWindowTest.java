package io.crmsdk.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlausibleWindowTest {
    private static final Instant NOW = Instant.parse("2026-11-18T11:06:40Z");

    @ParameterizedTest
    @CsvSource({
        "1989-12-31T23:59:59Z, false",
        "1990-01-01T00:00:00Z, true",
        "2026-11-19T11:06:40Z, true",
        "2026-11-19T11:06:40.000000001Z, false"
    })
    void events_lie_between_1990_and_tomorrow(Instant value, boolean plausible) {
        assertThat(PlausibleWindow.events().contains(value, NOW)).isEqualTo(plausible);
    }

    @Test
    void seconds_declared_as_milliseconds_are_caught() {
        Instant wrong = TimeConvention.of("epoch-ms").parseInstant("1795000000");

        assertThatThrownBy(() -> PlausibleWindow.events().require(wrong, NOW))
                .hasMessageStartingWith("IMPLAUSIBLE")
                .hasMessageContaining("the year 1970");
        assertThat(PlausibleWindow.events().require(NOW, NOW)).isEqualTo(NOW);
        assertThat(PlausibleWindow.upcoming(Duration.ofDays(3650)).contains(NOW.plus(Duration.ofDays(3000)), NOW))
                .isTrue();
    }

    @Test
    void vendors_samples_are_read_by_their_constants() {
        Instant expected = Instant.parse("2024-06-11T08:30:00Z");

        assertThat(VendorConventions.SALESFORCE.parseInstant("2024-06-11T08:30:00.000+0000"))
                .isEqualTo(expected);
        assertThat(VendorConventions.ODOO.parseInstant("2024-06-11 08:30:00")).isEqualTo(expected);
        assertThat(VendorConventions.KINGDEE.parseInstant("2024-06-11T16:30:00"))
                .isEqualTo(expected);
        assertThat(VendorConventions.WUKONG.parseInstant("2024-06-11 16:30:00")).isEqualTo(expected);
        assertThat(VendorConventions.erpNext(ZoneId.of("Asia/Kolkata")).parseInstant("2024-06-11 14:00:00.000000"))
                .isEqualTo(expected);
        assertThat(VendorConventions.tryton(ZoneId.of("UTC")).parseInstant("2024-06-11 08:30:00"))
                .isEqualTo(expected);
        assertThat(VendorConventions.JIANDAOYUN.format(expected)).isEqualTo("2024-06-11T08:30:00.000Z");
        assertThat(VendorConventions.SAP_ODATA_2.format(expected)).isEqualTo("/Date(1718094600000)/");
    }
}
