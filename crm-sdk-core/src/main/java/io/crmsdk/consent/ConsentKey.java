package io.crmsdk.consent;

/** Whom a consent event is about: a way to reach somebody, a customer, or what erasure left of either. */
public sealed interface ConsentKey permits ContactKey, SubjectKey, HashedKey {}
