/** One resilient HTTP exchange with one configured origin: bounded, paced, honest about what the other side may have taken. */
@NullMarked
package io.crmsdk.http;

import org.jspecify.annotations.NullMarked;
