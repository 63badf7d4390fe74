/** Where the ledgers live: one database, transactions that say what became of them, and a schema that is never guessed. */
@NullMarked
package io.crmsdk.store;

import org.jspecify.annotations.NullMarked;
