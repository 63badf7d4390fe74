package io.crmsdk.delivery;

import java.time.Duration;

/**
 * A worker pool on the store, as the store knows it.
 *
 * @param node its name
 * @param silent how long ago it was last heard of, by the database's clock
 * @param lease how long its leases last; a pool is heard of three times within it
 * @param holds how many deliveries it holds now
 */
public record WorkerHealth(String node, Duration silent, Duration lease, long holds) {}
