/** A room whose classes break rules. */
@NullMarked
package io.crmsdk.house.planted.time;

import org.jspecify.annotations.NullMarked;
