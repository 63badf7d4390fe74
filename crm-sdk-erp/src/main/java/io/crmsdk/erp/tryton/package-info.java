/** Tryton over its JSON-RPC. */
@NullMarked
package io.crmsdk.erp.tryton;

import org.jspecify.annotations.NullMarked;
