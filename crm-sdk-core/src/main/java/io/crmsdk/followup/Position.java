package io.crmsdk.followup;

import io.crmsdk.internal.Micros;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where a follow-up stands next; counted from {@code base}. */
record Position(FollowUpState state, String step, long baseUs, long dueUs, boolean provisional) {
    static Position at(FollowUp definition, Step step, Instant base, CustomerZone zone) {
        Delay.Due due = step.delay().from(base, zone, definition.calendar());
        return new Position(
                FollowUpState.SCHEDULED, step.name(), Micros.of(base), Micros.of(due.at()), due.provisional());
    }

    /** Behind a step that ended now: at the named one, at the next one, or at the end. */
    static Position behind(FollowUp definition, Row row, @Nullable String target, long nowUs) {
        Step next = target == null ? definition.after(definition.step(row.step())) : definition.step(target);
        return next == null
                ? ended(row, FollowUpState.FINISHED)
                : at(definition, next, Micros.instant(nowUs), row.zone());
    }

    static Position waiting(FollowUp definition, Row row, Delay deadline, long nowUs) {
        Delay.Due due = deadline.from(Micros.instant(nowUs), row.zone(), definition.calendar());
        return new Position(FollowUpState.AWAITING_ANSWER, row.step(), nowUs, Micros.of(due.at()), due.provisional());
    }

    /** Where an answer leads, by the definition alone. */
    static Position answered(FollowUp definition, Row row, Answer answer, long nowUs) {
        String target = definition.step(row.step()).next().get(answer);
        FollowUpState end = answer == Answer.ANSWERED ? FollowUpState.ANSWERED : FollowUpState.REFUSED;
        return target == null ? ended(row, end) : behind(definition, row, target, nowUs);
    }

    static Position ended(Row row, FollowUpState state) {
        return new Position(state, row.step(), row.baseUs(), row.dueUs(), false);
    }
}
