package io.crmsdk.mapping;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;

/** What a vendor's payload may be at most; beyond it is refused before it can do harm. */
final class Limits {
    static final int MAX_DEPTH = 64;
    static final int MAX_NAMES = 5_000;
    static final int MAX_TEXT = 4 << 20;
    static final int MAX_BYTES = 16 << 20;
    /** Digits of a decimal's exponent that still stand for a number of this world. */
    static final int MAX_EXPONENT = 400;

    static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_TEXT)
                    .maxDocumentLength(MAX_BYTES)
                    .maxNumberLength(400)
                    .maxNameLength(1_000)
                    .build())
            .build();

    private Limits() {}
}
