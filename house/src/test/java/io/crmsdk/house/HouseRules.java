package io.crmsdk.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.crmsdk.CrmException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The rules of the house, for all classes below one root package. */
final class HouseRules {
    /** Earlier rooms know nothing of later ones. */
    static final List<String> ROOMS = List.of(
            "time",
            "model",
            "quality",
            "mapping",
            "store",
            "consent",
            "suppression",
            "identity",
            "http",
            "sync",
            "receivables",
            "delivery",
            "campaign",
            "followup",
            "mail",
            "erp",
            "testkit");

    /** What stands behind the root package's name where all rooms share it. */
    private static final List<String> SHARED = List.of("", ".internal");

    private static final Map<String, String> MODULES = Map.of("mail", "mail", "erp", "erp", "testkit", "testkit");

    /** The JDK, ours, and annotations that bind nobody. The last is the JDK's own small web server. */
    private static final List<String> SHOWN =
            List.of("java.", "javax.sql.", "javax.net.", "io.crmsdk.", "org.jspecify.", "com.sun.net.httpserver.");

    /** The named doors to a framework of the host's: one class each, which nobody else needs to load. */
    private static final Map<String, String> DOORS = Map.of("io.crmsdk.mail.web.EndpointServlet", "jakarta.servlet.");

    private static final Map<String, Set<String>> BANNED = Map.ofEntries(
            Map.entry("java.time.Instant", Set.of("now")),
            Map.entry("java.time.LocalDate", Set.of("now")),
            Map.entry("java.time.LocalTime", Set.of("now")),
            Map.entry("java.time.LocalDateTime", Set.of("now")),
            Map.entry("java.time.ZonedDateTime", Set.of("now")),
            Map.entry("java.time.OffsetDateTime", Set.of("now")),
            Map.entry("java.time.Year", Set.of("now")),
            Map.entry("java.time.YearMonth", Set.of("now")),
            Map.entry("java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system")),
            Map.entry("java.time.InstantSource", Set.of("system")),
            Map.entry("java.time.ZoneId", Set.of("systemDefault")),
            Map.entry("java.util.TimeZone", Set.of("getDefault", "setDefault")),
            Map.entry("java.util.Calendar", Set.of("getInstance")),
            Map.entry("java.util.GregorianCalendar", Set.of("<init>")),
            Map.entry("java.util.Locale", Set.of("getDefault", "setDefault")),
            Map.entry("java.text.SimpleDateFormat", Set.of("<init>")),
            Map.entry("java.lang.System", Set.of("currentTimeMillis")),
            Map.entry("java.lang.Thread", Set.of("sleep")),
            Map.entry("java.lang.Throwable", Set.of("printStackTrace")));

    private final String root;

    HouseRules(String root) {
        this.root = root;
    }

    /** Arrows only point to earlier rooms, or a change in one could not be judged by reading the rooms before it. */
    ArchRule rooms_use_only_earlier_rooms() {
        return classes()
                .should(eachDependency("use only earlier rooms", (from, to) -> {
                    int source = ROOMS.indexOf(room(from));
                    int target = ROOMS.indexOf(room(to));
                    return target > source;
                }))
                .because("a room can be understood with what stands before it, and what all share knows no room");
    }

    /** A class without a room is a sign that the rooms are wrong. */
    ArchRule every_class_has_a_room() {
        return classes()
                .that(describe(
                        "are not in the root package or its internal one",
                        type -> !SHARED.contains(type.getPackageName().substring(root.length()))))
                .should(have("a room of the list", type -> ROOMS.contains(room(type))))
                .because("a package that is no room would be outside of every rule");
    }

    /** What is internal promises nothing, so nobody outside of its module may lean on it. */
    ArchRule internals_stay_in_their_module() {
        return classes()
                .should(eachDependency(
                        "leave the internals of other modules alone",
                        (from, to) -> isInternal(to) && !module(from).equals(module(to))))
                .because("internal packages are not exported and change without notice");
    }

    /** Time comes from the one clock, and nothing reads the zone or the language of the process. */
    ArchRule no_banned_calls(Set<String> exempt) {
        return noClasses()
                .that(describe("are not exempt", type -> !exempt.contains(type.getName())))
                .should(access("make a banned call", HouseRules::isBanned))
                .because("instants come from UtcClock, waits from conditions, and the process's zone and language are"
                        + " nobody's statement");
    }

    private static boolean isBanned(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getTarget().getName();
        if (owner.equals("java.util.Date") && name.equals("<init>")) {
            return access.getTarget().getFullName().endsWith("<init>()");
        }
        if (owner.equals("java.lang.String")
                && Set.of("format", "formatted", "toLowerCase", "toUpperCase").contains(name)) {
            return !access.getTarget().getFullName().contains("(java.util.Locale");
        }
        if (name.equals("printStackTrace")) {
            return access.getTargetOwner().isAssignableTo(Throwable.class);
        }
        return BANNED.getOrDefault(owner, Set.of()).contains(name);
    }

    /** A library in a signature is forced upon every host, with its version. */
    ArchRule signatures_show_nobody_else() {
        return classes()
                .that(arePromised())
                .should(new ArchCondition<>("show only the JDK, ours and JSpecify in signatures") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        foreign(type).forEach(what -> events.add(SimpleConditionEvent.violated(type, what)));
                    }
                })
                .because(
                        "what a signature shows becomes the host's dependency, and its next version the host's problem");
    }

    private static Stream<String> foreign(JavaClass type) {
        Stream<JavaClass> ancestors = Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream());
        Stream<String> above = ancestors
                .filter(shown -> isForeign(type, shown))
                .map(ancestor -> type.getName() + " is a " + ancestor.getName());
        Stream<String> units = type.getCodeUnits().stream()
                .filter(unit -> isPromised(unit.getModifiers()))
                .flatMap(unit -> involved(unit)
                        .filter(shown -> isForeign(type, shown))
                        .map(shown -> unit.getFullName() + " shows " + shown.getName()));
        Stream<String> fields = type.getFields().stream()
                .filter(field -> isPromised(field.getModifiers()))
                .flatMap(field -> involved(field)
                        .filter(shown -> isForeign(type, shown))
                        .map(shown -> field.getFullName() + " shows " + shown.getName()));
        return Stream.of(above, units, fields).flatMap(each -> each);
    }

    private static Stream<JavaClass> involved(JavaCodeUnit unit) {
        Set<JavaClass> all = new HashSet<>(unit.getReturnType().getAllInvolvedRawTypes());
        unit.getParameterTypes().forEach(type -> all.addAll(type.getAllInvolvedRawTypes()));
        unit.getThrowsClause().getTypes().forEach(all::add);
        return all.stream();
    }

    private static Stream<JavaClass> involved(JavaField field) {
        return field.getType().getAllInvolvedRawTypes().stream();
    }

    private static boolean isForeign(JavaClass type, JavaClass shown) {
        JavaClass base = shown.getBaseComponentType();
        String door = DOORS.getOrDefault(type.getName(), "none");
        return !base.isPrimitive()
                && !base.getName().startsWith(door)
                && SHOWN.stream().noneMatch(base.getName()::startsWith);
    }

    /** One root of errors, so that a host can catch and compare them all. */
    ArchRule errors_are_ours() {
        return classes()
                .that(arePromised())
                .and()
                .areAssignableTo(Throwable.class)
                .should()
                .beAssignableTo(CrmException.class)
                .because("every error has a stable code and says what to do; those of libraries are causes");
    }

    /** Such names say that something is, not what. */
    ArchRule names_say_what_a_thing_is() {
        return classes()
                .should(have(
                        "a name of the domain",
                        type -> !type.getSimpleName().matches(".*(Impl|Manager|Utils?|Helper)")))
                .because("the shortest true word of the domain is found by asking what the class knows");
    }

    /** Without the mark, null is allowed everywhere and the compiler's guard looks away. */
    ArchRule packages_are_null_marked() {
        return classes()
                .should(have(
                        "a package marked @NullMarked",
                        type -> type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked")))
                .because("absence is visible in types only where the package is marked");
    }

    private String room(JavaClass type) {
        String name = type.getPackageName();
        if (!name.startsWith(root + ".") || name.equals(root + ".internal")) {
            return "";
        }
        return name.substring(root.length() + 1).split("\\.")[0];
    }

    private String module(JavaClass type) {
        return MODULES.getOrDefault(room(type), "core");
    }

    private boolean isInternal(JavaClass type) {
        return type.getPackageName().startsWith(root) && (type.getPackageName() + ".").contains(".internal.");
    }

    private boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(root) || type.getPackageName().startsWith(root + ".");
    }

    /** What hosts can name: public, in an exported package, as are all classes around it. */
    private DescribedPredicate<JavaClass> arePromised() {
        return describe("are promised to hosts", type -> {
            Optional<JavaClass> at = Optional.of(type);
            while (at.isPresent()) {
                if (!isPromised(at.get().getModifiers())) {
                    return false;
                }
                at = at.get().getEnclosingClass();
            }
            return !isInternal(type);
        });
    }

    private static boolean isPromised(Set<JavaModifier> modifiers) {
        return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
                && !modifiers.contains(JavaModifier.SYNTHETIC);
    }

    private interface Wrong {
        boolean is(JavaClass from, JavaClass to);
    }

    private ArchCondition<JavaClass> eachDependency(String what, Wrong wrong) {
        return new ArchCondition<>(what) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if (isOurs(target) && wrong.is(type, target)) {
                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static ArchCondition<JavaClass> access(String what, java.util.function.Predicate<JavaAccess<?>> matches) {
        return new ArchCondition<>(what) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getAccessesFromSelf().stream()
                        .filter(matches)
                        .forEach(access -> events.add(SimpleConditionEvent.satisfied(type, access.getDescription())));
            }
        };
    }

    private static ArchCondition<JavaClass> have(String what, java.util.function.Predicate<JavaClass> good) {
        return new ArchCondition<>("have " + what) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!good.test(type)) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " has not " + what));
                }
            }
        };
    }

    private static DescribedPredicate<JavaClass> describe(
            String what, java.util.function.Predicate<JavaClass> predicate) {
        return DescribedPredicate.describe(what, predicate);
    }
}
