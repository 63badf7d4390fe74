package io.crmsdk.house.planted.delivery.internal;

/** Promises nothing. */
public final class Inside {}
