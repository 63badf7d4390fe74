/** What a connector has to survive, as tests for its author. */
module io.crmsdk.testkit {
    requires static transitive org.jspecify;
    requires transitive io.crmsdk.core;
    requires com.h2database;
    requires java.net.http;
    requires java.sql;
    requires jdk.httpserver;
    requires org.junit.jupiter.api;

    exports io.crmsdk.testkit;
}
