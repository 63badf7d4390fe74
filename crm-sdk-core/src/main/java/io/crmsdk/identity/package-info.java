/**
 * Which records are the same customer: evidence, decision, review, and the merge that can always be taken back.
 */
@NullMarked
package io.crmsdk.identity;

import org.jspecify.annotations.NullMarked;
