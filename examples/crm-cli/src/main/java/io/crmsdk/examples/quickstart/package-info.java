/** The main job end to end on embedded parts, with a report that proves each of its claims. */
@NullMarked
package io.crmsdk.examples.quickstart;

import org.jspecify.annotations.NullMarked;
