/**
 * What comes back for mail that was sent: delivery reports, complaints, receipts, automatic replies and wishes to leave, read from
 * whatever form servers give them.
 */
@NullMarked
package io.crmsdk.mail.bounce;

import org.jspecify.annotations.NullMarked;
