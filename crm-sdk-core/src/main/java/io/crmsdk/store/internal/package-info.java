/** What the rooms share of the store: the differences between databases, and small things that every statement needs. */
@NullMarked
package io.crmsdk.store.internal;

import org.jspecify.annotations.NullMarked;
