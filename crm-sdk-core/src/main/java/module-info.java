/** Customers, time, consent, sync and delivery without loss, pretence or leak. */
module io.crmsdk.core {
    requires static transitive org.jspecify;
    requires transitive java.sql;
    requires com.fasterxml.jackson.core;
    requires com.google.i18n.phonenumbers.libphonenumber;
    requires org.slf4j;

    exports io.crmsdk;
    exports io.crmsdk.model;
    exports io.crmsdk.quality;
    exports io.crmsdk.store;
    exports io.crmsdk.time;
    exports io.crmsdk.delivery;
}
