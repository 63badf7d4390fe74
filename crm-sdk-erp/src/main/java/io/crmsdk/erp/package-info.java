/** Pairs of connectors that a file of settings describes. */
@NullMarked
package io.crmsdk.erp;

import org.jspecify.annotations.NullMarked;
