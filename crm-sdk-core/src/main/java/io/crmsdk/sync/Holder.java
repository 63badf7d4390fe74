package io.crmsdk.sync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Who holds a lease: this machine, process and run. A process that is gone from the machine that looks gave its lease up, which is
 * proof and no guess by time; of other machines nothing is known but the lease's end.
 */
final class Holder {
    private Holder() {}

    /** A new name for a run of this process. */
    static String here() {
        long pid = ProcessHandle.current().pid();
        String run = UUID.randomUUID().toString().substring(0, 8);
        return machine() + "|" + pid + "|" + start(pid) + "|" + run;
    }

    /** Whether the process that made this name is surely gone. */
    static boolean isGone(String name) {
        String[] parts = name.split("\\|", -1);
        if (parts.length != 4 || !parts[0].equals(machine())) {
            return false;
        }
        long pid = Long.parseLong(parts[1]);
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        return process.isEmpty()
                || !process.get().isAlive()
                || isZombie(pid)
                || !start(pid).equals(parts[2]);
    }

    /** Host, boot and process-number space, as a short hash. */
    private static String machine() {
        String space;
        try {
            space = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        } catch (IOException | RuntimeException e) {
            space = "no such spaces here";
        }
        Digest digest = new Digest().line(line("/proc/sys/kernel/hostname"));
        return digest.line(line("/proc/sys/kernel/random/boot_id"))
                .line(space)
                .hex()
                .substring(0, 32);
    }

    /** When a process started, in the kernel's ticks, which do not move when the clock is set; empty where it does not tell. */
    private static String start(long pid) {
        String[] fields = stat(pid);
        return fields.length > 19 ? fields[19] : "";
    }

    /** Killed but not yet collected by its parent. */
    private static boolean isZombie(long pid) {
        String[] fields = stat(pid);
        return fields.length > 0 && (fields[0].equals("Z") || fields[0].equals("X"));
    }

    private static String[] stat(long pid) {
        String stat = line("/proc/" + pid + "/stat");
        int end = stat.lastIndexOf(')');
        return end < 0 ? new String[0] : stat.substring(end + 1).strip().split(" ", -1);
    }

    private static String line(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException | RuntimeException e) {
            return "";
        }
    }
}
