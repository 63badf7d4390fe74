/** What the rooms of this module share; not exported. */
@NullMarked
package io.crmsdk.mail.internal;

import org.jspecify.annotations.NullMarked;
