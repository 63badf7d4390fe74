/** Mail with proof: composing, handing over, and leaving with one click. */
module io.crmsdk.mail {
    requires static transitive org.jspecify;
    requires transitive io.crmsdk.core;
    requires static transitive jakarta.servlet;
    requires static transitive jdk.httpserver;
    requires com.fasterxml.jackson.core;
    requires com.samskivert.jmustache;
    requires jakarta.mail;
    requires org.eclipse.angus.mail;
    requires org.slf4j;

    exports io.crmsdk.mail;
    exports io.crmsdk.mail.bounce;
    exports io.crmsdk.mail.list;
    exports io.crmsdk.mail.provider;
    exports io.crmsdk.mail.smtp;
    exports io.crmsdk.mail.unsubscribe;
    exports io.crmsdk.mail.web;
}
