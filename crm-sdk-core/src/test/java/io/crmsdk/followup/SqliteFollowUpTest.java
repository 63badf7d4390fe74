package io.crmsdk.followup;

import io.crmsdk.store.Databases;

class SqliteFollowUpTest extends FollowUpContract {
    SqliteFollowUpTest() {
        super(Databases.Kind.SQLITE);
    }
}
