/** Adapters and connectors for ERPs, CRMs and files. */
module io.crmsdk.erp {
    requires static transitive org.jspecify;
    requires transitive io.crmsdk.core;
}
