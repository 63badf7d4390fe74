/** Mapping as data: how the fields of one system's records become the canonical records and go back, checked when it is loaded. */
@NullMarked
package io.crmsdk.mapping;

import org.jspecify.annotations.NullMarked;
