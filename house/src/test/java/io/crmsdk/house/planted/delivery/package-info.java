/** A later room whose classes break rules. */
@NullMarked
package io.crmsdk.house.planted.delivery;

import org.jspecify.annotations.NullMarked;
