package io.crmsdk.benchmarks.outbox;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.ThreadLocalContextTransactionManager;
import com.gruelbox.transactionoutbox.TransactionManager;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** transaction-outbox (gruelbox): hand-over in memory after the commit while it runs, and its flush for the backlog. */
public final class TransactionOutboxContender implements Contender {
    /** What is handled by reflection. */
    public static class Handler {
        /** Handles one. */
        public void handle(String content) {
            Handled.handle(content);
        }
    }

    private final ThreadLocalContextTransactionManager transactions;
    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(WORKERS, WORKERS, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
    private final TransactionOutbox outbox;
    private volatile boolean running;
    private Thread flusher;

    TransactionOutboxContender(DataSource source, String engine) {
        Dialect dialect = switch (engine) {
            case "postgresql" -> Dialect.POSTGRESQL_9;
            case "h2" -> Dialect.H2;
            default -> Dialect.MY_SQL_8;
        };
        transactions = TransactionManager.fromDataSource(source);
        outbox = TransactionOutbox.builder()
                .transactionManager(transactions)
                .persistor(Persistor.forDialect(dialect))
                .attemptFrequency(Duration.ofSeconds(2))
                .flushBatchSize(1000)
                .submitter((entry, local) -> {
                    if (running) {
                        executor.execute(() -> local.accept(entry));
                    }
                })
                .build();
    }

    @Override
    public void enqueue(List<String> keys) {
        transactions.inTransaction(() -> {
            for (String key : keys) {
                outbox.with().uniqueRequestId(key).schedule(Handler.class).handle(Handled.content(key));
            }
        });
    }

    @Override
    public void start() throws InterruptedException {
        // A new entry is left alone for attemptFrequency, since it is expected to be handed over in memory.
        Thread.sleep(2_100);
        running = true;
        flusher = new Thread(() -> {
            while (running) {
                boolean more = executor.getQueue().size() < 1000 && outbox.flush();
                try {
                    Thread.sleep(more ? 1 : 5);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        flusher.setDaemon(true);
        flusher.start();
    }

    @Override
    public void stop() throws InterruptedException {
        running = false;
        if (flusher != null) {
            flusher.join(5_000);
        }
        while (executor.getActiveCount() > 0 || !executor.getQueue().isEmpty()) {
            Thread.sleep(1);
        }
    }

    @Override
    public void end() throws InterruptedException {
        stop();
        executor.shutdownNow();
    }
}
