package io.crmsdk.examples.sandbox;

import io.crmsdk.http.HttpGateway;
import io.crmsdk.sync.ConnectorContract;
import io.crmsdk.sync.Fields;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The sandbox's connector keeps the contract of all connectors, over real HTTP. */
class SandboxConnectorTest {
    private final SandboxErp erp = SandboxErp.start();
    private final HttpGateway gateway = SandboxConnector.gateway(erp.address());

    @AfterEach
    void stop() {
        gateway.close();
        erp.close();
    }

    private static Fields customer(int number) {
        return Fields.builder()
                .text("name", "客户 " + number)
                .text("address.city", "上海")
                .build();
    }

    @TestFactory
    Stream<DynamicTest> the_contract_of_connectors() {
        SandboxConnector connector = new SandboxConnector(gateway);
        return ConnectorContract.of(
                        connector,
                        SandboxConnectorTest::customer,
                        fields -> Fields.builder().text("address.city", "北京").build())
                .checks()
                .stream()
                .map(check -> DynamicTest.dynamicTest(check.name(), check::run));
    }
}
