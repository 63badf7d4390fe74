package io.crmsdk.consent;

/**
 * What the ledger answers to an event.
 *
 * @param id the event's id
 * @param position its place in the ledger, counted from 1
 * @param fresh false if the very same event was there before
 */
public record Recorded(String id, long position, boolean fresh) {}
