/** Consent: what people said about being addressed, kept for ever, and what may be sent to whom because of it. */
@NullMarked
package io.crmsdk.consent;

import org.jspecify.annotations.NullMarked;
