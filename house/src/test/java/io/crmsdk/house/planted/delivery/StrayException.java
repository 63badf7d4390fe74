package io.crmsdk.house.planted.delivery;

/** An error without a code. */
public final class StrayException extends RuntimeException {
    private static final long serialVersionUID = 1L;
}
