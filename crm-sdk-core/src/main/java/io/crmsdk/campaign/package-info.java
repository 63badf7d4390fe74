/**
 * One message to many, that stops and asks before it reaches whom nobody meant: an audience is written down and looked at as a whole
 * before anything is queued.
 */
@NullMarked
package io.crmsdk.campaign;

import org.jspecify.annotations.NullMarked;
