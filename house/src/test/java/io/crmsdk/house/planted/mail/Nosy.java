package io.crmsdk.house.planted.mail;

import io.crmsdk.house.planted.delivery.internal.Inside;

/** Looks into another module. */
final class Nosy {
    Inside inside = new Inside();
}
