/** Two systems kept in step: what would change is planned, looked at by guards and people, and then applied exactly once. */
@NullMarked
package io.crmsdk.sync;

import org.jspecify.annotations.NullMarked;
