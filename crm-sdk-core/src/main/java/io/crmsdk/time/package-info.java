/** One UTC clock that never runs backwards, and the only door by which foreign timestamps become instants. */
@NullMarked
package io.crmsdk.time;

import org.jspecify.annotations.NullMarked;
