package io.crmsdk.consent;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One random history of one person, three sources and their faults: clocks that are hours off, reports that come late or
 * twice, stale lists, old links, imports, merges, clean-ups and restores. It knows what the person last said.
 */
final class ConsentHistory {
    private static final long HOUR = 3_600_000;

    private final Random random;
    private final ConsentDesign design;
    private final List<Runnable> late = new ArrayList<>();
    private final long[] skew = new long[3];
    private @Nullable Object backup;
    private boolean toolUnsubscribed;
    private boolean pushPending;
    private int reports;
    private long now = 1000 * HOUR;

    private boolean saidNo;
    private boolean saidYes;
    private boolean everythingWasKnown;

    ConsentHistory(long seed, ConsentDesign design) {
        this.random = new Random(seed);
        this.design = design;
        for (int i = 0; i < skew.length; i++) {
            skew[i] = random.nextInt(5) == 0 ? (random.nextBoolean() ? 8 : -8) * HOUR : 0;
        }
    }

    /** Plays the history to its end, when everything late has come. */
    ConsentHistory play() {
        int steps = 2 + random.nextInt(24);
        for (int i = 0; i < steps; i++) {
            now += HOUR / 4 + random.nextInt((int) (3 * HOUR));
            step();
        }
        catchUp();
        push();
        return this;
    }

    /** The person's last word was a no, and they would be mailed. */
    boolean lost() {
        return saidNo && design.mails();
    }

    /** The person's last word was a yes, given when every no was known, and they would not be mailed. */
    boolean ineffective() {
        return saidYes && everythingWasKnown && !design.mails();
    }

    boolean endsWithNo() {
        return saidNo;
    }

    private long time(int source) {
        return now + skew[source];
    }

    private void step() {
        switch (random.nextInt(14)) {
            case 0 -> click();
            case 1, 2 -> unsubscribeInTool();
            case 3 -> telephone();
            case 4, 5, 6 -> subscribe();
            case 7 -> design.imported(now + (random.nextBoolean() ? 2 * HOUR : -30 * HOUR));
            case 8, 9 -> design.polled(toolUnsubscribed, time(1));
            case 10 -> arrive();
            case 11 -> backUpOrRestore();
            case 12 -> oddity();
            default -> push();
        }
    }

    private void no() {
        saidNo = true;
        saidYes = false;
    }

    private void click() {
        no();
        design.clicked(random.nextInt(2), time(0));
    }

    /** Who is shown as unsubscribed already has nothing to click. */
    private void unsubscribeInTool() {
        if (!toolUnsubscribed) {
            no();
            toolUnsubscribed = true;
            pushPending = false;
            if (random.nextBoolean()) {
                String event = "evt" + reports++;
                long time = time(1);
                late.add(() -> design.reported(event, time));
                if (random.nextInt(3) == 0) {
                    late.add(() -> design.reported(event, time));
                }
            }
        }
    }

    private void telephone() {
        no();
        String event = "call" + reports++;
        long time = time(2);
        late.add(() -> design.reported(event, time));
    }

    private void subscribe() {
        boolean pulled = random.nextInt(4) != 0;
        if (pulled) {
            catchUp();
        }
        Object challenge = design.challenge();
        if (random.nextInt(4) == 0) {
            pulled = false;
            step();
            now += HOUR;
        }
        design.confirmed(challenge, time(0));
        saidYes = true;
        saidNo = false;
        everythingWasKnown = pulled;
        pushPending = true;
    }

    /** "Subscribed" is written only where the ledger allows it, after a look at what the tool says now. */
    private void push() {
        if (pushPending) {
            design.polled(toolUnsubscribed, time(1));
            if (design.mails()) {
                toolUnsubscribed = false;
                design.polled(false, time(1));
            }
            pushPending = false;
        }
    }

    private void arrive() {
        if (!late.isEmpty()) {
            late.remove(random.nextInt(late.size())).run();
        }
    }

    private void catchUp() {
        while (!late.isEmpty()) {
            arrive();
        }
        design.polled(toolUnsubscribed, time(1));
    }

    private void backUpOrRestore() {
        if (backup == null || random.nextBoolean()) {
            backup = design.backup();
        } else if (design.restored(backup)) {
            // Whoever is shown as unsubscribed while their yes is on its way there cannot be told from a new no.
            everythingWasKnown &= !pushPending;
            push();
            design.polled(toolUnsubscribed, time(1));
        }
    }

    private void oddity() {
        switch (random.nextInt(3)) {
            case 0 -> design.merged(now);
            case 1 -> design.cleaned(now);
            default -> design.followed(design.challenge(), now);
        }
    }
}
