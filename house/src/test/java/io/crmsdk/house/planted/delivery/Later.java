package io.crmsdk.house.planted.delivery;

/** Stands in a later room. */
public final class Later {}
