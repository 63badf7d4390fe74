package io.crmsdk.followup;

import io.crmsdk.store.Databases;

class H2FollowUpTest extends FollowUpContract {
    H2FollowUpTest() {
        super(Databases.Kind.H2);
    }
}
