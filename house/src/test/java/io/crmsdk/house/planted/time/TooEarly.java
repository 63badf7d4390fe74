package io.crmsdk.house.planted.time;

import io.crmsdk.house.planted.delivery.Later;

/** Uses a later room. */
final class TooEarly {
    Later[] later = {};
}
