/** A small ERP over HTTP that behaves as real ones do, good days and bad days, and the connector that speaks to it. */
@NullMarked
package io.crmsdk.examples.sandbox;

import org.jspecify.annotations.NullMarked;
