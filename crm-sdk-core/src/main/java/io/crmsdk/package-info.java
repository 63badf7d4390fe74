/** What every room shares: the root of all errors and the one policy of what may be shown of a person. */
@NullMarked
package io.crmsdk;

import org.jspecify.annotations.NullMarked;
