/** Adapters and connectors for ERPs, CRMs and files. */
module io.crmsdk.erp {
    requires static transitive org.jspecify;
    requires transitive io.crmsdk.core;
    requires com.fasterxml.aalto;
    requires com.fasterxml.jackson.core;
    requires de.siegmar.fastcsv;
    requires java.xml;
    requires org.slf4j;
    requires org.dhatim.fastexcel;
    requires org.dhatim.fastexcel.reader;

    exports io.crmsdk.erp;
    exports io.crmsdk.erp.file;
    exports io.crmsdk.erp.jdbc;
    exports io.crmsdk.erp.rest;
    exports io.crmsdk.erp.tryton;
}
