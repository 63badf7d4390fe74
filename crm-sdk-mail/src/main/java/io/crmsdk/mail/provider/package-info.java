/**
 * What mail providers report by webhook: signatures checked on the raw bytes, each event taken once, kept before it is
 * acknowledged.
 */
@NullMarked
package io.crmsdk.mail.provider;

import org.jspecify.annotations.NullMarked;
