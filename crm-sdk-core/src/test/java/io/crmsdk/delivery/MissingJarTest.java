package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.store.ChildJvm;
import io.crmsdk.store.Store;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program does whose class path lacks a jar. */
class MissingJarTest {
    @TempDir
    Path folder;

    /** Opens an outbox and says how that went. */
    static final class Opens {
        private Opens() {}

        public static void main(String[] arguments) {
            try (Store store = Store.open("sqlite:" + arguments[0])) {
                Outbox.Builder builder = Outbox.builder(store).channelElsewhere("smtp");
                if (arguments.length > 1) {
                    builder.consent(ConsentLedger.open(store));
                }
                builder.build().close();
                System.out.println("SAID OPENED");
            } catch (Throwable e) {
                System.out.println("SAID " + e);
            }
        }
    }

    @Test
    void F_909_a_missing_jar_is_named_at_the_start_and_not_at_the_first_message() throws Exception {
        String file = folder.resolve("crm.db").toString();
        try (ChildJvm whole = ChildJvm.start(Opens.class, file, "consent");
                ChildJvm withoutJson = ChildJvm.without("jackson-core", Opens.class, file + "1");
                ChildJvm withoutPhones = ChildJvm.without("libphonenumber", Opens.class, file + "2", "consent")) {
            assertThat(whole.await("SAID")).isEqualTo("SAID OPENED");
            assertThat(withoutJson.await("SAID")).contains("DEPENDENCY_MISSING", "jackson-core");
            assertThat(withoutPhones.await("SAID")).contains("DEPENDENCY_MISSING", "libphonenumber");
        }
    }
}
