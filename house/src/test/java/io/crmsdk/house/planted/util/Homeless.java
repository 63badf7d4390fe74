package io.crmsdk.house.planted.util;

/** Lives in a package that is no room and that nobody marked. */
final class Homeless {}
