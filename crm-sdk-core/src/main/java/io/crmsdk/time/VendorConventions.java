package io.crmsdk.time;

import java.time.ZoneId;

/**
 * The conventions in which systems are known to write moments, as a start for a mapping.
 *
 * <p>Most are from vendors' material, some were seen in their source or on a running server; none proves what one tenant is
 * set to. Let {@link ZoneShiftDetector} confirm them. Days are declared as {@code date} with every system.
 */
public final class VendorConventions {
    /** Salesforce REST: {@code 2021-12-02T18:22:42.000+0000}; written with milliseconds. */
    public static final TimeConvention SALESFORCE = TimeConvention.of("iso;digits=3");

    /** HubSpot v3 answers: {@code …Z}, with or without milliseconds. */
    public static final TimeConvention HUBSPOT = TimeConvention.of("iso;digits=3");

    /** HubSpot filters, written properties and v1 answers. */
    public static final TimeConvention HUBSPOT_MILLIS = TimeConvention.of("epoch-ms");

    /**
     * Dynamics 365 Web API, columns of behaviour UserLocal. Columns of behaviour TimeZoneIndependent also end in Z but are
     * wall-clock times of no zone: only the metadata tells, and they must not be shifted.
     */
    public static final TimeConvention DYNAMICS_365 = TimeConvention.of("rfc3339");

    /** Dynamics 365 organisation data service of 2011. */
    public static final TimeConvention DYNAMICS_365_2011 = TimeConvention.of("dotnet-json");

    /** SAP fields of type TIMESTAMP or TIMESTAMPL. DATS and TIMS are local to the system: declare its zone. */
    public static final TimeConvention SAP_TIMESTAMP = TimeConvention.of("abap;zone=UTC");

    /** SAP OData 2, fields of type Edm.DateTimeOffset. Edm.DateTime looks alike and is a day. */
    public static final TimeConvention SAP_ODATA_2 = TimeConvention.of("dotnet-json");

    /** Odoo: {@code 2026-11-21 01:00:00}, naive and UTC. */
    public static final TimeConvention ODOO = TimeConvention.of("local;zone=UTC");

    /** Wukong: written by its server at a fixed GMT+8. */
    public static final TimeConvention WUKONG = TimeConvention.of("local;zone=GMT+8");

    /** Yonyou: naive, in the tenant's zone; confirm it for each tenant. */
    public static final TimeConvention YONYOU = TimeConvention.of("local;zone=Asia/Shanghai");

    /** Kingdee: naive, with T or a blank, in the zone of its server; confirm it for each tenant. */
    public static final TimeConvention KINGDEE = TimeConvention.of("local;zone=Asia/Shanghai");

    /** Jiandaoyun: {@code 2018-01-01T10:10:10.000Z}, true UTC. */
    public static final TimeConvention JIANDAOYUN = TimeConvention.of("rfc3339;digits=3");

    /** DingTalk: milliseconds. */
    public static final TimeConvention DINGTALK = TimeConvention.of("epoch-ms");

    /** WeCom: seconds. */
    public static final TimeConvention WECOM = TimeConvention.of("epoch-s");

    /** Mailchimp: {@code 2024-06-11T08:30:00+00:00}. */
    public static final TimeConvention MAILCHIMP = TimeConvention.of("iso");

    /** SendGrid events: seconds. */
    public static final TimeConvention SENDGRID_EVENTS = TimeConvention.of("epoch-s");

    /** Brevo events: seconds. */
    public static final TimeConvention BREVO_EVENTS = TimeConvention.of("epoch-s");

    /** Brevo contacts: UTC with milliseconds. */
    public static final TimeConvention BREVO_CONTACTS = TimeConvention.of("iso;digits=3");

    /** Mailgun events: seconds with a fraction. */
    public static final TimeConvention MAILGUN_EVENTS = TimeConvention.of("epoch-s");

    /** Postmark: ISO with seven fraction digits. */
    public static final TimeConvention POSTMARK = TimeConvention.of("iso");

    /** Amazon SES notifications. */
    public static final TimeConvention SES = TimeConvention.of("rfc3339");

    /** listmonk. */
    public static final TimeConvention LISTMONK = TimeConvention.of("rfc3339");

    private VendorConventions() {}

    /** ERPNext: naive with up to six fraction digits, in the site's zone, which System Settings tell. */
    public static TimeConvention erpNext(ZoneId siteZone) {
        return TimeConvention.of("local;zone=" + siteZone.getId() + ";digits=6");
    }

    /** Tryton exports: naive; its server forces UTC, but a report may be in the company's zone, so it is declared. */
    public static TimeConvention tryton(ZoneId zone) {
        return TimeConvention.of("local;zone=" + zone.getId());
    }
}
