package io.crmsdk.testkit;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * {@link ConnectorTrial} as a JUnit test: extend it, lend it a world, and each check is a test of its own.
 *
 * <pre>{@code
 * class ShopTrialTest extends ConnectorTrialContract {
 *     @Override
 *     protected ConnectorWorld world() {
 *         return new ShopWorld();
 *     }
 * }
 * }</pre>
 *
 * <p>Give the tests' JVM {@code -Dsun.net.httpserver.nodelay=true}: without it the JDK's web server holds each answer back for 40
 * milliseconds, and a trial has thousands of them.
 */
public abstract class ConnectorTrialContract {
    /** For subclasses. */
    protected ConnectorTrialContract() {}

    /** A new world; the trial closes it. */
    protected abstract ConnectorWorld world();

    @TestFactory
    Stream<DynamicTest> the_connector_survives() {
        return ConnectorTrial.of(this::world).checks().stream()
                .map(check -> DynamicTest.dynamicTest(check.name(), check::run));
    }
}
