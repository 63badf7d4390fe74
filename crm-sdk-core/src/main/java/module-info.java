/** Customers, time, consent, sync and delivery without loss, pretence or leak. */
module io.crmsdk.core {
    requires static transitive org.jspecify;
    requires transitive java.sql;
    requires org.slf4j;

    exports io.crmsdk;
}
