package io.crmsdk.followup;

import io.crmsdk.store.Databases;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresqlFollowUpTest extends FollowUpContract {
    PostgresqlFollowUpTest() {
        super(Databases.Kind.POSTGRESQL);
    }
}
