package io.crmsdk.delivery;

import io.crmsdk.store.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the figures of a snapshot into words: what is wrong, why, and what helps. */
final class Findings {
    private final OutboxHealth health;
    private final HealthLimits limits;
    private final List<HealthFinding> found = new ArrayList<>();

    private Findings(OutboxHealth health, HealthLimits limits) {
        this.health = health;
        this.limits = limits;
    }

    static List<HealthFinding> of(OutboxHealth health, HealthLimits limits) {
        Findings findings = new Findings(health, limits);
        findings.store();
        findings.waiting();
        findings.workers();
        findings.process();
        findings.found.sort(Comparator.comparing(HealthFinding::severity).reversed());
        return List.copyOf(findings.found);
    }

    private void add(String code, Severity severity, String what, String remedy) {
        found.add(new HealthFinding(code, severity, what, remedy));
    }

    private void store() {
        if (health.wentBack()) {
            add(
                    "STORE_WENT_BACK",
                    Severity.DANGER,
                    "the store is older than what this process had committed to it: a backup was restored or a replica took over"
                            + " without the last commits. This process claims nothing any more",
                    "mark the store as restored (Store.markRestored) and start the workers anew: what may have left is held");
        }
        if (health.stranded() > 0) {
            add(
                    "STRANDED",
                    Severity.DANGER,
                    health.stranded()
                            + " deliveries have neither a due time nor a lease, so that no worker will find them",
                    "look at their history; replay each by hand");
        }
        if (health.consentHeld()) {
            add(
                    "CONSENT_BEHIND",
                    Severity.WARNING,
                    "the consent ledger is behind what was seen of it before; marketing waits",
                    "unite it with its copy and finish the restore");
        }
        if (isOver(health.clockSkew().abs(), limits.clockSkew())) {
            add(
                    "CLOCK_SKEW",
                    Severity.WARNING,
                    "the database's clock and this machine's are "
                            + health.clockSkew().abs() + " apart",
                    "set the clocks; leases and due times go by the database's");
        }
    }

    private static boolean isOver(@Nullable Duration measured, Duration limit) {
        return measured != null && measured.compareTo(limit) > 0;
    }

    private void waiting() {
        OutboxPause paused = health.paused();
        if (paused != null) {
            add(
                    "PAUSED",
                    Severity.WARNING,
                    "stopped since " + paused.since() + " by " + paused.by() + ": " + paused.why(),
                    "resume it when the reason is gone");
        }
        if (isOver(health.oldestDue(), limits.oldestDue())) {
            add(
                    "OLDEST_DUE",
                    Severity.WARNING,
                    "the oldest due message has waited for " + health.oldestDue() + ", " + health.due() + " are due: "
                            + cause(),
                    paused == null ? "start a worker that has its channel, or more of them" : "resume the outbox");
        }
        health.pausedDestinations()
                .forEach((destination, pause) -> add(
                        "DESTINATION_PAUSED",
                        Severity.WARNING,
                        destination + " gets nothing since " + pause.since() + " by " + pause.by() + ": " + pause.why()
                                + "; " + health.parked()
                                + " deliveries were met that wait for this or another destination",
                        "resume it when the reason is gone"));
        if (isOver(health.oldestWaiting(), limits.waiting())) {
            add(
                    "WAITING_LONG",
                    Severity.WARNING,
                    "a message has waited for its turn for " + health.oldestWaiting() + ", behind "
                            + (health.waitsFor() == null ? "nobody" : health.waitsFor()),
                    "look at what it waits for: replay or cancel it if it is dead, settle it if it is in doubt");
        }
        if (health.held() > 0) {
            add(
                    "HELD",
                    Severity.WARNING,
                    health.held() + " deliveries are in doubt and held",
                    "look each up at the other side and settle it, or replay it and accept a copy");
        }
        health.pausedChannels()
                .forEach((channel, why) -> add(
                        "CHANNEL_PAUSED",
                        Severity.WARNING,
                        "channel " + channel + " sends nothing at present: " + why,
                        "it tries again by itself; mend what it names"));
    }

    private String cause() {
        if (health.paused() != null) {
            return "the outbox is paused";
        }
        if (health.workers().isEmpty()) {
            return "no worker is running";
        }
        if (health.workers().stream().allMatch(this::isSilent)) {
            return "all workers are silent";
        }
        return "workers are running; they lack its channel, or cannot keep up";
    }

    private boolean isSilent(WorkerHealth worker) {
        Duration limit = worker.lease().compareTo(limits.silence()) > 0 ? worker.lease() : limits.silence();
        return isOver(worker.silent(), limit);
    }

    private void workers() {
        for (WorkerHealth worker : health.workers()) {
            if (isSilent(worker)) {
                add(
                        "WORKER_SILENT",
                        Severity.WARNING,
                        "worker " + worker.node() + " was last heard of " + worker.silent() + " ago and holds "
                                + worker.holds() + " deliveries",
                        "if its process hangs, end it; if its machine is gone, others take over when its leases end");
            }
        }
        if (health.expiredLeases() > 0) {
            add(
                    "LEASES_EXPIRED",
                    Severity.WARNING,
                    health.expiredLeases() + " leases ended without a result: a worker died or was cut off",
                    "nothing, if any worker runs: the next claim takes them over");
        }
        if (isOver(health.oldestWindow(), limits.window())) {
            add(
                    "WINDOW_STUCK",
                    Severity.WARNING,
                    "an attempt has waited for its server's answer for " + health.oldestWindow(),
                    "look for a channel without a limit of time; end that worker, then it shows as unconfirmed");
        }
    }

    private void process() {
        if (health.unrecorded() > 0) {
            add(
                    "UNRECORDED",
                    Severity.NOTE,
                    health.unrecorded() + " outcomes are known to this process and not yet in the store",
                    "do not kill it now: they would show as unconfirmed");
        }
        if (health.workerFailures() > 0) {
            add(
                    "WORKER_FAILURES",
                    Severity.NOTE,
                    "loops of this process failed " + health.workerFailures() + " times and went on",
                    "its log says why");
        }
        if (health.listenerFailures() > 0) {
            add(
                    "LISTENER_FAILURES",
                    Severity.NOTE,
                    health.listenerFailures() + " calls of listeners failed or were dropped",
                    "the store has the truth; mend the listener");
        }
    }
}
