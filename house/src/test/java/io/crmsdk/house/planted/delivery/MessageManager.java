package io.crmsdk.house.planted.delivery;

/** Its name says nothing. */
final class MessageManager {}
