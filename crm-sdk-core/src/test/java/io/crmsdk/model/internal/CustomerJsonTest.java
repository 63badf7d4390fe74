package io.crmsdk.model.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.model.AttributeValue;
import io.crmsdk.model.Coded;
import io.crmsdk.model.Customer;
import io.crmsdk.model.CustomerKind;
import io.crmsdk.model.CustomerStatus;
import io.crmsdk.model.ModelException;
import io.crmsdk.model.VipLevel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CustomerJsonTest {
    private static final long SEED = 20261125;

    @Test
    void what_is_written_is_read_back_equal_and_written_again_the_same() {
        RandomCustomers customers = new RandomCustomers(new Random(SEED));
        for (int i = 0; i < 5000; i++) {
            Customer customer = customers.next();
            byte[] written = CustomerJson.write(customer);

            Customer read = CustomerJson.read(written);

            assertThat(read).as("seed %d, number %d", SEED, i).isEqualTo(customer);
            assertThat(CustomerJson.write(read))
                    .as("seed %d, number %d", SEED, i)
                    .isEqualTo(written);
        }
    }

    @Test
    void equal_customers_have_the_same_bytes_whatever_the_order_of_their_sets() {
        Random random = new Random(SEED);
        RandomCustomers customers = new RandomCustomers(random);
        for (int i = 0; i < 1000; i++) {
            Customer customer = customers.next();
            List<String> tags = new ArrayList<>(customer.tags());
            Collections.shuffle(tags, random);
            List<String> keys = new ArrayList<>(customer.attributes().keySet());
            Collections.shuffle(keys, random);
            Map<String, AttributeValue> attributes = new LinkedHashMap<>();
            keys.forEach(key -> attributes.put(key, customer.attributes().get(key)));
            Customer same = customer.toBuilder()
                    .tags(new LinkedHashSet<>(tags))
                    .attributes(attributes)
                    .build();

            assertThat(CustomerJson.write(same)).as("seed %d", SEED).isEqualTo(CustomerJson.write(customer));
        }
    }

    @Test
    void what_a_newer_writer_added_is_skipped() {
        String text = "{\"future\":{\"deep\":[1,{\"x\":null}]},\"v\":1,\"kind\":\"ORGANIZATION\",\"status\":\"PAUSED\","
                + "\"displayName\":\"Atlas\",\"vip\":\"TIER_9\",\"emails\":[{\"address\":\"a@x.example\",\"dkim\":true}],"
                + "\"attributes\":{\"a.b\":{\"polygon\":[[1]]},\"a.c\":{\"text\":\"kept\"}}}";

        Customer read = CustomerJson.read(text.getBytes(UTF_8));

        assertThat(read.kind()).isEqualTo(CustomerKind.ORGANIZATION);
        assertThat(read.status()).isEqualTo(Coded.<CustomerStatus>other("PAUSED"));
        assertThat(read.vip()).isEqualTo(VipLevel.UNKNOWN);
        assertThat(read.emails()).hasSize(1);
        assertThat(read.attributes()).containsOnlyKeys("a.c");
    }

    @Test
    void a_newer_version_and_broken_documents_are_refused_and_not_shown() {
        for (String text : List.of(
                "{\"v\":2,\"kind\":\"PERSON\"}",
                "{\"kind\":\"PERSON\"}",
                "{\"v\":1,\"kind\":\"ROBOT\"}",
                "{\"v\":1,\"kind\":\"PERSON\",\"displayName\":{\"secret\":1}}",
                "{\"v\":1,\"kind\":\"PERSON\",\"emails\":[\"secret\"]}",
                "{\"v\":1,\"kind\":\"PERSON\",\"displayName\":\"secret",
                "{\"v\":1,\"kind\":\"PERSON\",\"meta\":{\"createdAt\":\"secret\"}}",
                "[]",
                "")) {
            assertThatThrownBy(() -> CustomerJson.read(text.getBytes(UTF_8)))
                    .as(text)
                    .isInstanceOf(ModelException.class)
                    .hasMessageStartingWith("CUSTOMER_JSON")
                    .hasMessageNotContaining("secret");
        }
    }
}
