/** What all rooms share and hosts do not see. It knows no room. */
@NullMarked
package io.crmsdk.internal;

import org.jspecify.annotations.NullMarked;
