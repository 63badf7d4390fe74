package io.crmsdk.delivery;

import org.jspecify.annotations.Nullable;

/** Stands for a channel of other processes; no worker ever holds it. */
final class ElsewhereChannel implements Channel {
    private final String name;

    ElsewhereChannel(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    /** The channel itself judges when a worker takes the message. */
    @Override
    public EnqueueAnswer.@Nullable Reject validate(Message message) {
        return null;
    }

    @Override
    public void send(Dispatch dispatch) {
        throw new IllegalStateException("channel " + name + " is in other processes");
    }
}
