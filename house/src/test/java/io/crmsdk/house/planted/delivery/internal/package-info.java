/** What a room keeps to itself. */
@NullMarked
package io.crmsdk.house.planted.delivery.internal;

import org.jspecify.annotations.NullMarked;
