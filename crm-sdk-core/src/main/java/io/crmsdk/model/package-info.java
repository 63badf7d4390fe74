/** The canonical, immutable records that every connected system is mapped to and from. */
@NullMarked
package io.crmsdk.model;

import org.jspecify.annotations.NullMarked;
