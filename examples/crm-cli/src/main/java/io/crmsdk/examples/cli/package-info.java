/** The {@code crm} command line: each command is a few lines over the public API of the SDK. */
@NullMarked
package io.crmsdk.examples.cli;

import org.jspecify.annotations.NullMarked;
