/** Any service that speaks JSON over HTTP, described by settings. */
@NullMarked
package io.crmsdk.erp.rest;

import org.jspecify.annotations.NullMarked;
