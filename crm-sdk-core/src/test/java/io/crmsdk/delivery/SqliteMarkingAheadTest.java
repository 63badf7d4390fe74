package io.crmsdk.delivery;

import io.crmsdk.store.Databases.Kind;

class SqliteMarkingAheadTest extends MarkingAheadContract {
    @Override
    Kind kind() {
        return Kind.SQLITE;
    }
}
