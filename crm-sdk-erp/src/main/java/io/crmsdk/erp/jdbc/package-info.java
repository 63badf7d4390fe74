/** The rows of a query on any database with a JDBC driver, as the source of a pair. */
@NullMarked
package io.crmsdk.erp.jdbc;

import org.jspecify.annotations.NullMarked;
