package io.crmsdk.followup;

import io.crmsdk.internal.Micros;
import io.crmsdk.internal.TextMap;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A follow-up as its row has it; {@code state} is never HELD, which {@code held} says; {@code answer} is one that nobody acted on yet. */
record Row(
        String key,
        String hash,
        String definition,
        int version,
        String reference,
        String subject,
        String fields,
        String zoneId,
        String gap,
        String overlap,
        FollowUpState state,
        String step,
        long baseUs,
        long dueUs,
        boolean provisional,
        FollowUpCase.@Nullable Hold held,
        int failures,
        long fence,
        @Nullable Answer answer) {
    static final String COLUMNS = "idem_key, params_hash, definition, version, reference, subject, fields, zone_id,"
            + " gap_choice, overlap_choice, state, step, base_us, due_us, provisional, held, failures, fence, answer";

    static Row read(ResultSet row) throws SQLException {
        String held = row.getString(16);
        String answer = row.getString(19);
        return new Row(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getInt(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                FollowUpState.valueOf(row.getString(11)),
                row.getString(12),
                row.getLong(13),
                row.getLong(14),
                row.getInt(15) == 1,
                held == null ? null : FollowUpCase.Hold.valueOf(held),
                row.getInt(17),
                row.getLong(18),
                answer == null ? null : Answer.valueOf(answer));
    }

    /** Read only when it is needed: a zone that this Java does not know must not stop the others. */
    CustomerZone zone() {
        return new CustomerZone(
                ZoneId.of(zoneId), CustomerZone.Gap.valueOf(gap), CustomerZone.Overlap.valueOf(overlap));
    }

    /** When the delay or deadline that it waits for ends, by what the definition's calendar knows now. */
    Delay.Due recount(FollowUp definition) {
        Step current = definition.step(step);
        Delay deadline = current.deadline();
        Delay delay = state == FollowUpState.AWAITING_ANSWER && deadline != null ? deadline : current.delay();
        return delay.from(Micros.instant(baseUs), zone(), definition.calendar());
    }

    Firing firing(long nowUs, boolean late) {
        Map<String, String> data = TextMap.read(fields);
        Instant due = Micros.instant(dueUs);
        boolean timedOut = state == FollowUpState.AWAITING_ANSWER;
        return new Firing(
                key, definition, step, subject, data, key + "/" + step, due, Micros.instant(nowUs), late, timedOut);
    }
}
