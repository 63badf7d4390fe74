package io.crmsdk.benchmarks.outbox;

import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.scheduling.JobScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.common.SqlStorageProviderFactory;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/** JobRunr with the shortest poll that it allows. */
final class JobRunrContender implements Contender {
    private final JobScheduler scheduler;
    private final BackgroundJobServer server;
    private boolean started;

    JobRunrContender(DataSource source) {
        StorageProvider storage = SqlStorageProviderFactory.using(source);
        var configured = JobRunr.configure()
                .useJsonMapper(new JacksonJsonMapper())
                .useStorageProvider(storage)
                .useBackgroundJobServer(
                        BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                                .andWorkerCount(WORKERS)
                                .andPollInterval(Duration.ofSeconds(5)),
                        false)
                .initialize();
        scheduler = configured.getJobScheduler();
        server = configured.getBackgroundJobServer();
    }

    @Override
    public void enqueue(List<String> keys) {
        if (keys.size() == 1) {
            String content = Handled.content(keys.get(0));
            scheduler.enqueue(() -> Handled.handle(content));
        } else {
            scheduler.enqueue(keys.stream().map(Handled::content), content -> Handled.handle(content));
        }
    }

    @Override
    public void start() {
        if (started) {
            server.resumeProcessing();
        } else {
            server.start();
            started = true;
        }
    }

    @Override
    public void stop() {
        server.pauseProcessing();
    }

    @Override
    public void end() {
        server.stop();
    }
}
