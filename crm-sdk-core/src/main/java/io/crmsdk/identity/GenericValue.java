package io.crmsdk.identity;

import java.time.Instant;

/**
 * That a value began or ceased to be generic: too many different people share it, so it says nothing about anybody. Every
 * decision that rested on it was opened again in the same transaction. Immutable; equality by value; holds no value of any record.
 *
 * @param id of this event; later events have greater ids as far as the database's clock goes forward
 * @param kind what kind of value, for example {@code phone}
 * @param generic whether it became generic; false if it became rare enough to count again
 * @param records how many records shared it then; one more than the rules allow stands for that many or more
 * @param recordId our id of the record with which it changed; the value is among that record's present or former ones
 * @param at when, by the database's clock
 */
public record GenericValue(String id, String kind, boolean generic, int records, String recordId, Instant at) {}
