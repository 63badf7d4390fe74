package io.crmsdk.campaign;

import io.crmsdk.store.Databases;

class H2CampaignTest extends CampaignContract {
    H2CampaignTest() {
        super(Databases.Kind.H2);
    }
}
