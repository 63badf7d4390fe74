package io.crmsdk.delivery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * This worker pool among all pools on the store: the name on its leases, and how others can know that it is gone.
 *
 * <p>A pool that ended without saying so is recognised in three ways, each of them proof and none of them a guess by time:
 * a pool of the same stated name starts; its process is gone from the machine that looks; its leases have ended by the
 * database's clock.
 */
final class Node {
    private final String owner;
    private final String nodeId;
    private final boolean stated;
    private final String machine;
    private final long pid;
    private final long leaseUs;
    /** The latest that this node surely wrote of itself; of the recorder's thread. */
    private long committedUs;

    private volatile boolean wentBack;

    private Node(String owner, String nodeId, boolean stated, String machine, long pid, long leaseUs) {
        this.leaseUs = leaseUs;
        this.owner = owner;
        this.nodeId = nodeId;
        this.stated = stated;
        this.machine = machine;
        this.pid = pid;
    }

    static Node named(@Nullable String stated, String uniqueSuffix, long leaseUs) {
        long pid = ProcessHandle.current().pid();
        String nodeId = stated == null ? Texts.cut(hostName(), 80) + "/" + pid : stated;
        return new Node(nodeId + "#" + uniqueSuffix, nodeId, stated != null, machine(), pid, leaseUs);
    }

    /** The name on leases and in the history: node id, then this pool's own mark. */
    String owner() {
        return owner;
    }

    /** Writes this node down and ends at once the leases of its predecessors that are known to be gone. */
    void register(Connection connection, long nowUs) throws SQLException {
        for (String gone : predecessors(connection)) {
            update(connection, "UPDATE crm_delivery_queue SET lease_us = 0 WHERE owner = ? AND lease_us > 0", gone);
            update(connection, "DELETE FROM crm_delivery_node WHERE owner = ?", gone);
        }
        String insert =
                "INSERT INTO crm_delivery_node (owner, node_id, machine, pid, process_start, started_us, seen_us, lease_us)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            statement.setString(1, owner);
            statement.setString(2, nodeId);
            statement.setString(3, machine);
            statement.setLong(4, pid);
            statement.setLong(5, processStart(pid).orElse(0));
            statement.setLong(6, nowUs);
            statement.setLong(7, nowUs);
            statement.setLong(8, leaseUs);
            statement.executeUpdate();
        }
    }

    /** To be called after the commit of {@link #register} or {@link #seen}, with the same instant. */
    void committed(long nowUs) {
        committedUs = nowUs;
    }

    /** Whether the store was ever seen without what this node had committed. */
    boolean wentBack() {
        return wentBack;
    }

    /**
     * Says that this node lives, and looks at what it said last time: a store that has forgotten it is an older one. A row that is gone
     * altogether is no proof, since a pool of the same name may have taken over.
     */
    void seen(Connection connection, long nowUs) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT seen_us FROM crm_delivery_node WHERE owner = ?")) {
            statement.setString(1, owner);
            try (ResultSet row = statement.executeQuery()) {
                wentBack |= row.next() ? row.getLong(1) < committedUs : isAlone(connection);
            }
        }
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE crm_delivery_node SET seen_us = ? WHERE owner = ?")) {
            statement.setLong(1, nowUs);
            statement.setString(2, owner);
            statement.executeUpdate();
        }
    }

    private boolean isAlone(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT 1 FROM crm_delivery_node WHERE node_id = ?")) {
            statement.setString(1, nodeId);
            try (ResultSet row = statement.executeQuery()) {
                return !row.next();
            }
        }
    }

    /** Says an orderly goodbye. Leases of attempts that did not end in time stay until they end by themselves. */
    void leave(Connection connection) throws SQLException {
        update(connection, "DELETE FROM crm_delivery_node WHERE owner = ?", owner);
    }

    private List<String> predecessors(Connection connection) throws SQLException {
        List<String> gone = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT owner, node_id, machine, pid, process_start FROM crm_delivery_node");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                boolean sameName = stated && rows.getString(2).equals(nodeId);
                if (sameName || isDeadHere(rows.getString(3), rows.getLong(4), rows.getLong(5))) {
                    gone.add(rows.getString(1));
                }
            }
        }
        return gone;
    }

    private boolean isDeadHere(String otherMachine, long otherPid, long otherStart) {
        if (!otherMachine.equals(machine)) {
            return false;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(otherPid);
        if (process.isEmpty() || !process.get().isAlive() || isZombie(otherPid)) {
            return true;
        }
        OptionalLong start = processStart(otherPid);
        return otherStart != 0 && start.isPresent() && start.getAsLong() != otherStart;
    }

    /** Killed but not yet collected by its parent. */
    private static boolean isZombie(long pid) {
        String[] fields = stat(pid);
        return fields.length > 0 && (fields[0].equals("Z") || fields[0].equals("X"));
    }

    private static void update(Connection connection, String sql, String argument) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, argument);
            statement.executeUpdate();
        }
    }

    /** Host, boot and process-number space: two processes with equal values can judge each other by process number. */
    private static String machine() {
        String space = "";
        try {
            space = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        } catch (IOException | RuntimeException e) {
            // Not a Linux machine: host name and process number have to do.
            space = "";
        }
        return Texts.cut(hostName() + "|" + firstLine("/proc/sys/kernel/random/boot_id") + "|" + space, 200);
    }

    private static String hostName() {
        String kernel = firstLine("/proc/sys/kernel/hostname");
        if (!kernel.isEmpty()) {
            return kernel;
        }
        String environment = System.getenv("COMPUTERNAME");
        String other = environment == null ? System.getenv("HOSTNAME") : environment;
        return other == null || other.isBlank() ? "host" : Texts.clean(other);
    }

    /**
     * When a process started, in the kernel's ticks since boot: unlike the instant that Java derives from it, it does not
     * move when the clock is set. Empty where the kernel does not tell.
     */
    private static OptionalLong processStart(long pid) {
        String[] fields = stat(pid);
        return fields.length > 19 ? OptionalLong.of(Long.parseLong(fields[19])) : OptionalLong.empty();
    }

    /** The kernel's line about a process from its state on, empty if there is none; the name before it may hold anything. */
    private static String[] stat(long pid) {
        String stat = firstLine("/proc/" + pid + "/stat");
        int end = stat.lastIndexOf(')');
        return end < 0 ? new String[0] : stat.substring(end + 1).strip().split(" ", -1);
    }

    private static String firstLine(String file) {
        try {
            String text = Files.readString(Path.of(file));
            int end = text.indexOf('\n');
            return Texts.clean(end < 0 ? text : text.substring(0, end));
        } catch (IOException | RuntimeException e) {
            return "";
        }
    }
}
