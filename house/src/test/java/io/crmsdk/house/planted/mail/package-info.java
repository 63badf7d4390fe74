/** A room of another module. */
@NullMarked
package io.crmsdk.house.planted.mail;

import org.jspecify.annotations.NullMarked;
