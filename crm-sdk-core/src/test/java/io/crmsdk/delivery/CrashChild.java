package io.crmsdk.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import io.crmsdk.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A process to be killed. It says on its output where it is; what "the server" took stands in a book that the system has, whatever
 * becomes of the process, before the server's answer.
 */
final class CrashChild {
    private CrashChild() {}

    /** Arguments: mode, the store's address, book, lease in ms. */
    public static void main(String[] arguments) throws Exception {
        Book book = new Book(Path.of(arguments[2]));
        Store store = Store.open(arguments[1]);
        FakeChannel channel = new FakeChannel();
        Outbox outbox = Outbox.builder(store)
                .channel(channel)
                .consent(new FakeConsent())
                .build();
        if (arguments[0].equals("enqueue")) {
            enqueueForEver(outbox);
        }
        channel.doing(dispatch -> stallAt(arguments[0], dispatch, channel, book));
        outbox.startWorkers(WorkerOptions.builder()
                .threads(1)
                .poll(Duration.ofMillis(20))
                .lease(Duration.ofMillis(Long.parseLong(arguments[3])))
                .build());
        say("STARTED");
        Thread.sleep(Long.MAX_VALUE);
    }

    private static void enqueueForEver(Outbox outbox) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            String prefix = ProcessHandle.current().pid() + "-" + t + "-";
            threads.add(new Thread(() -> {
                for (int n = 0; ; n++) {
                    Message message = Message.transactional(prefix + n)
                            .to("li@example.com")
                            .content("text/plain", "content of " + prefix + n)
                            .build();
                    if (outbox.enqueue(message) instanceof EnqueueAnswer.Ack) {
                        say("ACK " + prefix + n);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void stallAt(String step, Dispatch dispatch, FakeChannel channel, Book book) throws Exception {
        if (step.equals("before-window")) {
            stall(book, step);
        }
        dispatch.beginWindow();
        if (step.equals("in-window")) {
            stall(book, step);
        }
        book.taken(dispatch.message().key());
        if (step.equals("after-reply")) {
            stall(book, step);
        }
        channel.yes(dispatch);
    }

    /** Until killed, or until the parent lays the permission to go on beside the book. */
    private static void stall(Book book, String step) throws InterruptedException {
        say("AT " + step);
        while (!book.mayGoOn()) {
            Thread.sleep(10);
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** What servers took, one key a line. */
    record Book(Path path) {
        synchronized void taken(String key) {
            try {
                Files.write(path, (key + "\n").getBytes(UTF_8), CREATE, APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        List<String> all() throws IOException {
            return Files.exists(path) ? Files.readAllLines(path, UTF_8) : List.of();
        }

        void goOn() throws IOException {
            Files.createFile(permission());
        }

        boolean mayGoOn() {
            return Files.exists(permission());
        }

        private Path permission() {
            return path.resolveSibling(path.getFileName() + ".go");
        }
    }
}
