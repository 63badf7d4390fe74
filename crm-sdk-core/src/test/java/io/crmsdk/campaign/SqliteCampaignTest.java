package io.crmsdk.campaign;

import io.crmsdk.store.Databases;

class SqliteCampaignTest extends CampaignContract {
    SqliteCampaignTest() {
        super(Databases.Kind.SQLITE);
    }
}
