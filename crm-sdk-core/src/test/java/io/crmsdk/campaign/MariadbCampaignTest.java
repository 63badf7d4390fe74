package io.crmsdk.campaign;

import io.crmsdk.store.Databases;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class MariadbCampaignTest extends CampaignContract {
    MariadbCampaignTest() {
        super(Databases.Kind.MARIADB);
    }
}
