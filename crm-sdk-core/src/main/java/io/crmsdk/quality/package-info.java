/** Judges single values and records: what is damaged, how sure that is, and whether it is repaired, flagged or refused. */
@NullMarked
package io.crmsdk.quality;

import org.jspecify.annotations.NullMarked;
