package io.crmsdk.mail.smtp;

import io.crmsdk.delivery.Dispatch;
import io.crmsdk.delivery.DispatchRecipient;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A dispatch as the outbox gives it, holding the channel to the contract and keeping what it recorded. */
final class RecordingDispatch implements Dispatch {
    private final Message message;
    private final Map<DispatchRecipient, Outcome> outcomes = Collections.synchronizedMap(new LinkedHashMap<>());
    private final List<DispatchRecipient> all = new ArrayList<>();
    volatile boolean begun;
    volatile int rechecks;
    private Runnable atWindow = () -> {};

    RecordingDispatch(Message message) {
        this.message = message;
        int n = 0;
        for (String address : message.recipients()) {
            all.add(new DispatchRecipient("d" + n++, address));
        }
    }

    RecordingDispatch atWindow(Runnable what) {
        this.atWindow = what;
        return this;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public String messageId() {
        return "m-" + message.key();
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public List<DispatchRecipient> recipients() {
        return all.stream().filter(r -> !outcomes.containsKey(r)).toList();
    }

    @Override
    public List<DispatchRecipient> recheck() {
        rechecks++;
        return recipients();
    }

    @Override
    public void beginWindow() {
        if (!begun && recipients().isEmpty()) {
            throw new IllegalStateException("no recipient is left");
        }
        atWindow.run();
        begun = true;
    }

    @Override
    public void record(DispatchRecipient recipient, Outcome outcome) {
        if (!all.contains(recipient)) {
            throw new IllegalArgumentException("a stranger");
        }
        if ((outcome instanceof Outcome.Accepted || outcome instanceof Outcome.Unconfirmed) && !begun) {
            throw new IllegalStateException("claimed before the window");
        }
        outcomes.putIfAbsent(recipient, outcome);
    }

    Outcome outcome() {
        return outcome(0);
    }

    Outcome outcome(int recipient) {
        return outcomes.get(all.get(recipient));
    }
}
