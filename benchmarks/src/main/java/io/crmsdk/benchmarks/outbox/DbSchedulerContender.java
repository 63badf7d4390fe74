package io.crmsdk.benchmarks.outbox;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** db-scheduler, one task a message; lock-and-fetch where the database has it, as its guide advises for throughput. */
final class DbSchedulerContender implements Contender {
    private final DataSource source;
    private final String engine;
    private final OneTimeTask<String> task =
            Tasks.oneTime("message", String.class).execute((instance, context) -> Handled.handle(instance.getData()));
    private Scheduler scheduler;

    DbSchedulerContender(DataSource source, String engine) throws Exception {
        this.source = source;
        this.engine = engine;
        boolean postgresql = engine.equals("postgresql");
        String time = postgresql
                ? "TIMESTAMP WITH TIME ZONE"
                : engine.equals("h2") ? "TIMESTAMP(6) WITH TIME ZONE" : "TIMESTAMP(6) NULL";
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE scheduled_tasks (task_name VARCHAR(100) NOT NULL, task_instance VARCHAR(100) NOT"
                            + " NULL, task_data " + (postgresql ? "BYTEA" : "BLOB") + ", execution_time " + time
                            + ", picked BOOLEAN NOT NULL, picked_by VARCHAR(50), last_success " + time
                            + ", last_failure " + time
                            + ", consecutive_failures INT, last_heartbeat " + time
                            + ", version BIGINT NOT NULL, priority SMALLINT,"
                            + " PRIMARY KEY (task_name, task_instance))");
            statement.execute("CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time)");
            statement.execute("CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat)");
        }
        scheduler = build();
    }

    private Scheduler build() {
        SchedulerBuilder builder = Scheduler.create(source, task)
                .threads(WORKERS)
                .pollingInterval(Duration.ofSeconds(1))
                .enableImmediateExecution();
        return (engine.equals("postgresql")
                        ? builder.pollUsingLockAndFetch(1.0, 4.0)
                        : builder.pollUsingFetch(1.0, 4.0))
                .build();
    }

    @Override
    public void enqueue(List<String> keys) {
        List<TaskInstance<?>> instances = new ArrayList<>();
        keys.forEach(key -> instances.add(task.instance(key, Handled.content(key))));
        if (instances.size() == 1) {
            scheduler.schedule(instances.get(0), Instant.now());
        } else {
            scheduler.scheduleBatch(instances, Instant.now());
        }
    }

    @Override
    public void start() {
        scheduler.start();
    }

    @Override
    public void stop() {
        scheduler.stop();
        scheduler = build();
    }
}
