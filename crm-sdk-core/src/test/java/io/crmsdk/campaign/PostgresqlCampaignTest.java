package io.crmsdk.campaign;

import io.crmsdk.store.Databases;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PostgresqlCampaignTest extends CampaignContract {
    PostgresqlCampaignTest() {
        super(Databases.Kind.POSTGRESQL);
    }
}
