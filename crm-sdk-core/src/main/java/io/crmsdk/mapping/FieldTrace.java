package io.crmsdk.mapping;

import org.jspecify.annotations.Nullable;

/**
 * What became of one field of one record: for people who ask why. Values are masked as the field's sensitivity demands. Immutable;
 * equality by value.
 *
 * @param rule label of the rule
 * @param from vendor's field
 * @param to canonical path
 * @param before what the vendor sent, masked; null if nothing
 * @param after what it became, masked; null if nothing
 * @param why the converter and what it noticed
 */
public record FieldTrace(
        String rule,
        String from,
        String to,
        @Nullable String before,
        @Nullable String after,
        String why) {}
