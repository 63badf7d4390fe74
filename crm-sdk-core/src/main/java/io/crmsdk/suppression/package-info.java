/**
 * Addresses that get no mail although nobody objected: they bounced, or staff or a provider put them aside.
 *
 * <p>This is not consent. Lifting a suppression permits nothing that the consent ledger forbids, and a new opt-in does not make a
 * dead address alive.
 */
@NullMarked
package io.crmsdk.suppression;

import org.jspecify.annotations.NullMarked;
