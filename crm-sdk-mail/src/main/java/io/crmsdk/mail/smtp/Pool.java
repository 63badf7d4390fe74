package io.crmsdk.mail.smtp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to one server: how many there may be, which are free, and when it is left alone.
 *
 * <p>Starts with all its connections allowed. A server that refuses one more keeps those it has, and is asked for one more
 * after a minute. A server that asks to be left alone gets one connection afterwards, and after each message it takes twice
 * as many as before, up to the configured number. A server that cannot be reached, or refuses us as a whole, is left alone for
 * a while that doubles with each failure; then a single connection tries. Thread-safe.
 */
final class Pool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpChannel.class);
    private static final Duration IDLE_LIMIT = Duration.ofSeconds(30);
    private static final Duration GROW_AFTER = Duration.ofMinutes(1);
    private static final Duration CHECK_AFTER = Duration.ofSeconds(5);

    private final Settings settings;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final Deque<Session> idle = new ArrayDeque<>();
    private final ScheduledThreadPoolExecutor sweeper;
    private int messagesPerConnection;
    private int open;
    private int allowed;
    private int failures;
    private long growAgainAt;
    private boolean capped;
    private long pausedUntil;
    private @Nullable SmtpFailure pause;
    private boolean sweeping;
    private boolean closed;

    Pool(Settings settings, int most, int messagesPerConnection) {
        this.settings = settings;
        this.most = most;
        this.allowed = most;
        this.messagesPerConnection = messagesPerConnection;
        this.sweeper = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "crmsdk-smtp-idle " + settings.target());
            thread.setDaemon(true);
            return thread;
        });
        sweeper.setKeepAliveTime(1, TimeUnit.SECONDS);
        sweeper.allowCoreThreadTimeOut(true);
    }

    /** The server is left alone for now. */
    static final class PausedException extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient @Nullable Reply reply;
        private final Duration left;

        PausedException(String why, @Nullable Reply reply, Duration left) {
            super(why);
            this.reply = reply;
            this.left = left;
        }

        @Nullable
        Reply reply() {
            return reply;
        }

        Duration left() {
            return left;
        }
    }

    /**
     * Gives a connection that is ready for a message, a new one if need be.
     *
     * @param fresh true to get a new connection, for a message whose connection turned out to be stale
     * @throws PausedException if the server is being left alone, or no connection became free in time
     * @throws IOException if a new one could not be opened
     */
    Session acquire(boolean fresh) throws IOException, InterruptedException {
        while (true) {
            Session free = take(fresh);
            if (free == null) {
                Session opened = openOne();
                if (opened != null) {
                    return opened;
                }
                continue;
            }
            long rested = settings.clock().nanos() - free.idleSince();
            free.beginAttempt();
            if (rested < IDLE_LIMIT.toNanos() && !free.hasNews() && (rested < CHECK_AFTER.toNanos() || free.reset())) {
                return free;
            }
            drop(free);
        }
    }

    /** A free connection, or null with the right to open one. */
    private @Nullable Session take(boolean fresh) throws PausedException, InterruptedException {
        long left = settings.timeouts().acquire().toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                refuseWhilePaused();
                Session free = fresh ? null : idle.pollLast();
                if (free != null) {
                    return free;
                }
                if (open < allowed || (fresh && makeRoom())) {
                    open++;
                    return null;
                }
                if (left <= 0) {
                    throw new PausedException(
                            "SMTP_NO_CONNECTION: " + settings.target() + ": all " + allowed
                                    + " connections stayed busy for "
                                    + settings.timeouts().acquire(),
                            null,
                            Duration.ZERO);
                }
                left = freed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean makeRoom() {
        Session other = idle.pollFirst();
        if (other == null) {
            return false;
        }
        other.quit();
        open--;
        return open < allowed;
    }

    private void refuseWhilePaused() throws PausedException {
        if (closed) {
            throw new PausedException("SMTP_CLOSED: the channel was closed", null, Duration.ZERO);
        }
        SmtpFailure why = pause;
        if (why == null) {
            return;
        }
        long left = pausedUntil - settings.clock().nanos();
        if (left > 0) {
            throw new PausedException("left alone after " + why.getMessage(), why.reply(), Duration.ofNanos(left));
        }
        allowed = 1;
    }

    /** A new connection, or null if the server allows no more of them than there are. */
    private @Nullable Session openOne() throws IOException {
        boolean opened = false;
        try {
            Session session = Session.open(settings);
            opened = true;
            reached();
            return session;
        } catch (SmtpFailure failure) {
            return toldOff(failure);
        } catch (InterruptedIOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            return toldOff(broken(e));
        } catch (IOException e) {
            return toldOff(broken(e));
        } finally {
            if (!opened) {
                gone();
            }
        }
    }

    private SmtpFailure broken(IOException cause) {
        return new SmtpFailure(
                SmtpFailure.Kind.CONNECTION,
                "SMTP_BROKEN",
                settings.target() + ": the connection broke before it was ready (" + cause.getMessage() + ")",
                null,
                cause);
    }

    /** While other connections work, a refused one only says how many the server allows. */
    private @Nullable Session toldOff(SmtpFailure failure) throws SmtpFailure {
        lock.lock();
        try {
            int others = open - 1;
            boolean only = failure.kind() == SmtpFailure.Kind.BUSY || failure.kind() == SmtpFailure.Kind.CONNECTION;
            if (only && others > 0) {
                allowed = Math.min(allowed, others);
                capped = true;
                growAgainAt = settings.clock().nanos() + GROW_AFTER.toNanos();
                return null;
            }
        } finally {
            lock.unlock();
        }
        failed(failure);
        throw failure;
    }

    private void reached() {
        lock.lock();
        try {
            if (pause != null) {
                LOG.info("{} takes mail again", settings.target());
            }
            pause = null;
            if (allowed == most) {
                failures = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    /** A message was taken: the server may be asked for more. */
    void succeeded() {
        lock.lock();
        try {
            failures = 0;
            if (allowed < most && !(capped && settings.clock().nanos() < growAgainAt)) {
                allowed = Math.min(most, capped ? allowed + 1 : allowed * 2);
                growAgainAt = settings.clock().nanos() + GROW_AFTER.toNanos();
                freed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Leaves the server alone for a while that fits the failure. */
    void failed(SmtpFailure failure) {
        lock.lock();
        try {
            boolean first = pause == null;
            pause = failure;
            allowed = 1;
            Duration wait = pauseAfter(failure.kind(), failures++);
            pausedUntil = settings.clock().nanos() + wait.toNanos();
            if (first) {
                LOG.warn(
                        "{}: {}; nothing is sent there for {}",
                        settings.target(),
                        failure.code(),
                        wait,
                        failure.getCause());
            }
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static Duration pauseAfter(SmtpFailure.Kind kind, int failures) {
        boolean configuration = kind == SmtpFailure.Kind.LOGIN || kind == SmtpFailure.Kind.POLICY;
        Duration first = configuration ? Duration.ofMinutes(5) : Duration.ofSeconds(1);
        Duration longest = configuration ? Duration.ofHours(1) : Duration.ofMinutes(1);
        Duration wait = first.multipliedBy(1L << Math.min(failures, 10));
        return wait.compareTo(longest) > 0 ? longest : wait;
    }

    /** The server closed a connection after so many messages: the next ones end before that. */
    void learnLimit(int messages) {
        lock.lock();
        try {
            messagesPerConnection = Math.max(1, Math.min(messagesPerConnection, messages));
        } finally {
            lock.unlock();
        }
    }

    /** Gives back a connection that can carry another message. */
    void release(Session session) {
        lock.lock();
        try {
            if (closed || open > allowed || session.messages() >= messagesPerConnection) {
                session.quit();
                open--;
            } else {
                session.idleSince(settings.clock().nanos());
                idle.addLast(session);
                sweepLater();
            }
            freed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Closes a connection that is not to be used again. */
    void drop(Session session) {
        session.close();
        gone();
    }

    private void gone() {
        lock.lock();
        try {
            open--;
            freed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void sweepLater() {
        if (!sweeping) {
            sweeping = true;
            Future<?> unused = sweeper.schedule(this::sweep, IDLE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void sweep() {
        List<Session> old = new ArrayList<>();
        lock.lock();
        try {
            sweeping = false;
            long now = settings.clock().nanos();
            while (!idle.isEmpty() && now - idle.getFirst().idleSince() >= IDLE_LIMIT.toNanos()) {
                old.add(idle.removeFirst());
                open--;
            }
            if (!idle.isEmpty() && !closed) {
                sweepLater();
            }
        } finally {
            lock.unlock();
        }
        old.forEach(Session::quit);
    }

    SmtpHealth health(List<String> unsafe) {
        lock.lock();
        try {
            SmtpFailure why = pause;
            long left =
                    why == null ? 0 : Math.max(0, pausedUntil - settings.clock().nanos());
            return new SmtpHealth(
                    settings.target().toString(),
                    open,
                    idle.size(),
                    allowed,
                    left == 0 || why == null ? null : why.code() + ": " + why.kind(),
                    Duration.ofNanos(left),
                    unsafe);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            idle.forEach(Session::quit);
            open -= idle.size();
            idle.clear();
            freed.signalAll();
        } finally {
            lock.unlock();
        }
        sweeper.shutdownNow();
    }
}
