/** Customers, time, consent, sync and delivery without loss, pretence or leak. */
module io.crmsdk.core {
    requires static transitive org.jspecify;
    requires transitive java.sql;
    requires com.fasterxml.jackson.core;
    requires com.github.benmanes.caffeine;
    requires com.google.i18n.phonenumbers.libphonenumber;
    requires io.github.resilience4j.circuitbreaker;
    requires io.github.resilience4j.core;
    requires io.github.resilience4j.ratelimiter;
    requires org.apache.httpcomponents.client5.httpclient5;
    requires org.apache.httpcomponents.core5.httpcore5;
    requires org.slf4j;
    requires org.snakeyaml.engine;

    exports io.crmsdk;
    exports io.crmsdk.campaign;
    exports io.crmsdk.consent;
    exports io.crmsdk.http;
    exports io.crmsdk.identity;
    exports io.crmsdk.mapping;
    exports io.crmsdk.model;
    exports io.crmsdk.quality;
    exports io.crmsdk.receivables;
    exports io.crmsdk.store;
    exports io.crmsdk.suppression;
    exports io.crmsdk.time;
    exports io.crmsdk.delivery;
    exports io.crmsdk.followup;
    exports io.crmsdk.sync;
}
