/** The outbox: messages stored with the host's own commit, sent once where that can be known, and shown as doubtful where it cannot. */
@NullMarked
package io.crmsdk.delivery;

import org.jspecify.annotations.NullMarked;
