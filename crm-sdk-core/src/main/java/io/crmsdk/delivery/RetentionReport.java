package io.crmsdk.delivery;

/**
 * What a retention run did.
 *
 * @param messages how many messages were archived and taken out
 * @param deliveries how many deliveries they had
 * @param skipped how many stay although they are old enough: something happened to them meanwhile, or they cannot be read
 * @param keys how many idempotency keys were forgotten
 * @param workers how many worker pools, silent for as long and without a lease, were forgotten
 * @param finished false if there is more to do: the time was up, or the thread was interrupted
 */
public record RetentionReport(
        long messages, long deliveries, long skipped, long keys, long workers, boolean finished) {}
