package io.crmsdk.testkit;

import io.crmsdk.sync.Connector;
import io.crmsdk.sync.Fields;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A system that an author lends to {@link ConnectorTrial}: one that speaks HTTP, real or simulated, and that the trial may look
 * into and change behind the connector's back, as its users would.
 *
 * <p>Each trial asks for a world of its own. Its methods are called from several threads. What a world cannot do it leaves at
 * the default, and the trial says which checks it left out.
 */
public interface ConnectorWorld extends AutoCloseable {
    /** Where the system listens; plain HTTP. */
    URI address();

    /**
     * A new connector that reaches the system at another address only, where the trial spoils the traffic. Give it few attempts:
     * the trial repeats runs by itself; and let no call take an hour, since the trial says "come back in an hour". It closes it.
     *
     * @param through host and port to use instead of those of {@link #address()}
     */
    Connector connect(URI through);

    /**
     * The fields of an acceptable record, text that the system stores as it is given.
     *
     * @param number different for each record; the fields of two numbers differ
     */
    Fields sample(int number);

    /**
     * An acceptable change of some, but not all, of the fields of a sample.
     *
     * @param number the changes of two numbers differ
     */
    Fields change(int number);

    /** Fields that the system refuses as a new record, if there are such. */
    default Optional<Fields> unacceptable() {
        return Optional.empty();
    }

    /**
     * A user makes a record.
     *
     * @return its id as the connector spells it
     */
    String make(Fields fields);

    /** A user changes a record. */
    void edit(String id, Fields changes);

    /** All records in use by id, in the connector's words. */
    Map<String, Fields> records();

    /**
     * Lets every change from now on carry the same time, or no longer.
     *
     * @return whether the system can
     */
    default boolean stopTime(boolean stopped) {
        return false;
    }

    /**
     * A record shows only now, but with a time of change that lies before those of records that showed already, as after a long
     * transaction.
     *
     * @param before how long before
     * @return its id, or nothing if the system cannot
     */
    default Optional<String> makeLate(Fields fields, Duration before) {
        return Optional.empty();
    }

    /**
     * Forgets every cursor that was handed out.
     *
     * @return whether the system can
     */
    default boolean forgetCursors() {
        return false;
    }

    /**
     * From now on no answer says anything of a field any more, as after a change of the system's schema.
     *
     * @return whether the system can
     */
    default boolean dropField(String path) {
        return false;
    }

    /** Stops the system. */
    @Override
    void close();
}
