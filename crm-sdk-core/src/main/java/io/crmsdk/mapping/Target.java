package io.crmsdk.mapping;

import org.jspecify.annotations.Nullable;

/**
 * A canonical field that a rule fills: where its value is kept while a record is made.
 *
 * @param path canonical path in its own spelling
 * @param slot place among the slots of the record, or of an item
 * @param type what it holds
 * @param sensitivity how it may be shown
 * @param fillable whether the vendor may set it
 * @param items the part that is made once for each item of a list; null if it belongs to the record itself
 */
record Target(
        String path,
        int slot,
        Type type,
        Sensitivity sensitivity,
        boolean fillable,
        @Nullable Part items) {}
