package io.crmsdk.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ComponentTest {
    @Test
    void a_hundred_thousand_records_that_people_joined_take_memory_for_each_and_not_for_each_pair() {
        // A table of pairs would be ten thousand million entries.
        int size = 100_000;
        Component component = new Component(size);
        for (int i = size - 1; i > 0; i--) {
            component.join(i, i - 1);
        }

        assertThat(Arrays.stream(component.solve()).distinct().count()).isEqualTo(1);
    }

    @Test
    void a_hundred_thousand_records_with_two_that_must_stay_apart_are_solved() {
        int size = 100_000;
        Component component = new Component(size);
        for (int i = 1; i < size; i++) {
            component.link(i - 1, i, i == size / 2 ? 1 : 2);
        }
        component.keepApart(0, size - 1);

        int[] label = component.solve();

        assertThat(label[0]).isNotEqualTo(label[size - 1]);
        assertThat(label[0]).isEqualTo(label[size / 2 - 1]);
        assertThat(label[size / 2]).isEqualTo(label[size - 1]);
    }

    @Test
    void what_people_joined_is_one_even_where_evidence_keeps_it_apart() {
        Component component = new Component(4);
        component.join(0, 1);
        component.join(3, 2);
        component.keepApart(0, 1);
        component.keepApart(1, 2);
        component.link(1, 3, 9);

        int[] label = component.solve();

        assertThat(label[0]).isEqualTo(label[1]);
        assertThat(label[2]).isEqualTo(label[3]).isNotEqualTo(label[0]);
    }
}
