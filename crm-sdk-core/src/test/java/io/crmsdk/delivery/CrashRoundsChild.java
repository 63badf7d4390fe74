package io.crmsdk.delivery;

import io.crmsdk.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process under load, to be killed at any moment: it enqueues, one at a time and in batches, and sends meanwhile, with the settings
 * that everybody has who states none. Each acknowledgement is a line of its output, each message that "the server" took one of the book.
 */
final class CrashRoundsChild {
    static final int WORKERS = 8;
    static final int BATCH = 50;

    private CrashRoundsChild() {}

    /** Arguments: the store's address, book, how many messages to enqueue at most, whether to hold what is claimed for ever. */
    public static void main(String[] arguments) throws Exception {
        long began = System.nanoTime();
        CrashChild.Book book = new CrashChild.Book(Path.of(arguments[1]));
        boolean stalls = Boolean.parseBoolean(arguments[3]);
        Store store = Store.open(arguments[0]);
        FakeChannel channel = new FakeChannel();
        AtomicBoolean recovered = new AtomicBoolean();
        channel.doing(dispatch -> {
            if (dispatch.attempt() > 1 && recovered.compareAndSet(false, true)) {
                say("RECOVERED " + Duration.ofNanos(System.nanoTime() - began).toMillis());
            }
            if (stalls) {
                say("HOLDS " + dispatch.message().key());
                Thread.sleep(Long.MAX_VALUE);
            }
            dispatch.beginWindow();
            book.taken(dispatch.message().key());
            channel.yes(dispatch);
        });
        Outbox outbox = Outbox.builder(store).channel(channel).build();
        outbox.startWorkers(WorkerOptions.builder().threads(WORKERS).build());
        say("STARTED");
        AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[2]));
        new Thread(() -> enqueue(outbox, "single", 1, left)).start();
        new Thread(() -> enqueue(outbox, "batch", BATCH, left)).start();
        Thread.sleep(Long.MAX_VALUE);
    }

    private static void enqueue(Outbox outbox, String name, int size, AtomicInteger left) {
        String prefix = ProcessHandle.current().pid() + "-" + name + "-";
        for (int n = 0; left.addAndGet(-size) >= 0; n++) {
            List<Message> batch = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                String key = prefix + n + "-" + i;
                batch.add(Message.transactional(key)
                        .to("li@example.com")
                        .content("text/plain", "content of " + key)
                        .build());
            }
            StringBuilder acknowledged = new StringBuilder();
            for (EnqueueAnswer answer : outbox.enqueueAll(batch)) {
                if (answer instanceof EnqueueAnswer.Ack ack) {
                    acknowledged.append("ACK ").append(ack.key()).append('\n');
                }
            }
            say(acknowledged.toString().stripTrailing());
        }
    }

    private static synchronized void say(String lines) {
        System.out.println(lines);
        System.out.flush();
    }
}
