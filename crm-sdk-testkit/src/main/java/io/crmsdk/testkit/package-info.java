/** What a connector has to survive, as tests for its author. */
@NullMarked
package io.crmsdk.testkit;

import org.jspecify.annotations.NullMarked;
