package io.crmsdk.followup;

import io.crmsdk.store.Databases;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class MariadbFollowUpTest extends FollowUpContract {
    MariadbFollowUpTest() {
        super(Databases.Kind.MARIADB);
    }
}
