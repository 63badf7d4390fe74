package io.crmsdk.time;

/** Which comes first where day and month stand before the year. */
enum DayOrder {
    MDY,
    DMY
}
