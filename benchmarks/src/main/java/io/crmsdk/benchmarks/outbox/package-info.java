/** The outbox beside its peers; {@code benchmarks/run io.crmsdk.benchmarks.outbox.OutboxRace postgresql 20000 2}. */
package io.crmsdk.benchmarks.outbox;
