package io.crmsdk.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.crmsdk.CrmException;
import io.crmsdk.erp.file.CsvSource;
import io.crmsdk.mail.Email;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each rule holds in all published modules, and each is seen to bite on a class that was made to break it. */
final class HouseRulesTest {
    private static final HouseRules RULES = new HouseRules("io.crmsdk");
    private static final HouseRules OF_PLANTED = new HouseRules("io.crmsdk.house.planted");
    private static final JavaClasses PUBLISHED = published();
    private static final JavaClasses PLANTED = new ClassFileImporter().importPackages("io.crmsdk.house.planted");

    /** Who may make a banned call, and why. */
    private static final Set<String> EXEMPT = Set.of(
            // The one place that asks the host for its time.
            "io.crmsdk.time.SystemTimeSource",
            // The short wait between two looks at whether nothing is due any more.
            "io.crmsdk.delivery.WorkerPool");

    private record Named(String name, Function<HouseRules, ArchRule> rule, String plantedIn) {}

    private static final List<Named> ALL = List.of(
            new Named("rooms use only earlier rooms", HouseRules::rooms_use_only_earlier_rooms, "TooEarly"),
            new Named("every class has a room", HouseRules::every_class_has_a_room, "Homeless"),
            new Named("internals stay in their module", HouseRules::internals_stay_in_their_module, "Nosy"),
            new Named("no banned calls", rules -> rules.no_banned_calls(EXEMPT), "Impatient"),
            new Named("signatures show nobody else", HouseRules::signatures_show_nobody_else, "Showy"),
            new Named("errors are ours", HouseRules::errors_are_ours, "StrayException"),
            new Named("names say what a thing is", HouseRules::names_say_what_a_thing_is, "MessageManager"),
            new Named("packages are null-marked", HouseRules::packages_are_null_marked, "Homeless"));

    @TestFactory
    Stream<DynamicTest> every_rule_holds() {
        return ALL.stream()
                .map(each -> DynamicTest.dynamicTest(
                        each.name, () -> each.rule.apply(RULES).check(PUBLISHED)));
    }

    @TestFactory
    Stream<DynamicTest> every_rule_finds_the_class_that_breaks_it() {
        return ALL.stream()
                .map(each -> DynamicTest.dynamicTest(each.name, () -> {
                    List<String> found = each.rule
                            .apply(OF_PLANTED)
                            .evaluate(PLANTED)
                            .getFailureReport()
                            .getDetails();

                    assertThat(found).anyMatch(line -> line.contains(each.plantedIn));
                }));
    }

    @Test
    void every_banned_call_is_found() {
        List<String> found = OF_PLANTED
                .no_banned_calls(Set.of())
                .evaluate(PLANTED)
                .getFailureReport()
                .getDetails();

        assertThat(found).hasSize(14).allMatch(line -> line.contains("Impatient"));
    }

    @Test
    void all_published_modules_are_looked_at() {
        assertThat(PUBLISHED.contain("io.crmsdk.store.Store")).isTrue();
        assertThat(PUBLISHED.contain("io.crmsdk.mail.smtp.SmtpChannel")).isTrue();
        assertThat(PUBLISHED.contain("io.crmsdk.erp.file.XlsxSource")).isTrue();
        assertThat(PUBLISHED.size()).isGreaterThan(500);
    }

    @Test
    void nobody_is_exempt_without_need() {
        for (String exempt : EXEMPT) {
            assertThat(RULES.no_banned_calls(Set.of())
                            .evaluate(PUBLISHED)
                            .getFailureReport()
                            .getDetails())
                    .anyMatch(line -> line.contains(exempt));
        }
    }

    private static JavaClasses published() {
        List<URL> places = Stream.of(CrmException.class, Email.class, CsvSource.class)
                .map(HouseRulesTest::place)
                .toList();
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importUrls(places);
    }

    private static URL place(Class<?> anchor) {
        URL url = anchor.getProtectionDomain().getCodeSource().getLocation();
        try {
            return url.getPath().endsWith(".jar")
                    ? URI.create("jar:" + url + "!/").toURL()
                    : url;
        } catch (MalformedURLException e) {
            throw new IllegalStateException(url.toString(), e);
        }
    }
}
