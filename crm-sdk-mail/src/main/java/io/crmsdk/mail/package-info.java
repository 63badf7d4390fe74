/** Composing a mail. */
@NullMarked
package io.crmsdk.mail;

import org.jspecify.annotations.NullMarked;
