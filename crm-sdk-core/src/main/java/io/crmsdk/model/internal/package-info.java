/** How canonical records are written down where they are kept; not exported, promises nothing to hosts. */
@NullMarked
package io.crmsdk.model.internal;

import org.jspecify.annotations.NullMarked;
