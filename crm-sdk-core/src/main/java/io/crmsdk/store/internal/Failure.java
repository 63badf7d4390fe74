package io.crmsdk.store.internal;

/** What a database's error means for the one who asked, whatever words the database has for it. */
public enum Failure {
    /** The database could not be reached, or the connection broke. */
    UNREACHABLE,
    /** Somebody else held what was needed for too long. */
    BUSY,
    /** The database rolled the transaction back for another one's sake; repeating it may succeed. */
    CONFLICT,
    /** A unique key is taken. */
    DUPLICATE,
    /** Another constraint was broken. */
    CONSTRAINT,
    /** There is no room left on the device. */
    FULL,
    /** The database or its file may not be written. */
    READ_ONLY,
    /** The file is damaged or is no database. */
    CORRUPT,
    /** Another process holds the embedded file. */
    IN_USE,
    /** Anything else. */
    OTHER
}
