/** Leaving with one click: links that only we can make, and the page and call behind them. */
@NullMarked
package io.crmsdk.mail.unsubscribe;

import org.jspecify.annotations.NullMarked;
