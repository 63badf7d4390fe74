/**
 * What a system's books say of orders, invoices and payments, kept so that nothing counts twice, nothing is missing unnoticed, and how
 * far something is paid is derived and never stored.
 */
@NullMarked
package io.crmsdk.receivables;

import org.jspecify.annotations.NullMarked;
