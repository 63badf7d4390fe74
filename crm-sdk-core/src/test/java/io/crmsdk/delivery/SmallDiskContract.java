package io.crmsdk.delivery;

import io.crmsdk.store.Databases.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;

/** A disk of the test's own, in memory, which the test fills to the last byte. It needs the right to mount one. */
abstract class SmallDiskContract extends DiskFullContract {
    private final int megabytes;
    private @Nullable Path disk;
    private @Nullable TestDatabase database;

    SmallDiskContract(int megabytes) {
        this.megabytes = megabytes;
    }

    abstract TestDatabase on(Path disk) throws Exception;

    abstract void stop() throws Exception;

    @Override
    final DataSource open() throws Exception {
        Path place = Files.createDirectory(folder.resolve("disk"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "none", place.toString()) == 0,
                "this account may not mount a small disk of its own");
        disk = place;
        database = on(place);
        return database.dataSource();
    }

    private Path filler() {
        return disk.resolve("filler");
    }

    @Override
    final void fill() throws Exception {
        try (var out = Files.newOutputStream(filler())) {
            byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            if (disk.toFile().getUsableSpace() > 0) {
                throw full;
            }
        }
    }

    @Override
    final void free() throws Exception {
        Files.delete(filler());
    }

    @AfterEach
    void unmount() throws Exception {
        if (database != null) {
            database.close();
        }
        stop();
        if (disk != null) {
            run("umount", "--lazy", disk.toString());
        }
    }

    private static int run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException notThere) {
            return -1;
        }
    }
}
