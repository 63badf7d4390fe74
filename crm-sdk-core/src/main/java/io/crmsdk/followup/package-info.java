/** Reminders and steps with deadlines that outlive restarts: due by working days, looked at again when due, escalated, each fired once. */
@NullMarked
package io.crmsdk.followup;

import org.jspecify.annotations.NullMarked;
