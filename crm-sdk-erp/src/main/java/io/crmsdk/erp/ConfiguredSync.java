package io.crmsdk.erp;

import io.crmsdk.erp.file.SheetConnector;
import io.crmsdk.erp.file.SheetSource;
import io.crmsdk.erp.jdbc.JdbcConnector;
import io.crmsdk.erp.rest.RestConnector;
import io.crmsdk.erp.tryton.TrytonBooks;
import io.crmsdk.erp.tryton.TrytonParties;
import io.crmsdk.erp.tryton.TrytonServer;
import io.crmsdk.identity.CustomerRegistry;
import io.crmsdk.mapping.Mapping;
import io.crmsdk.receivables.DocumentSource;
import io.crmsdk.receivables.ReceivablesLedger;
import io.crmsdk.store.Store;
import io.crmsdk.sync.ChangeGuard;
import io.crmsdk.sync.Connector;
import io.crmsdk.sync.CustomerSource;
import io.crmsdk.sync.FieldPolicy;
import io.crmsdk.sync.Hold;
import io.crmsdk.sync.Settings;
import io.crmsdk.sync.SyncPair;
import io.crmsdk.sync.Translation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pair that a file of settings describes, with its store and its connectors; docs/sync.md has the keys.
 *
 * <p>The file is read as a whole before anything is opened or connected, and every key that nobody knows is refused with what was
 * probably meant. Secrets stand in the environment or in files of their own. Thread-safe as {@link SyncPair} is.
 *
 * <pre>{@code
 * try (ConfiguredSync sync = ConfiguredSync.open(Path.of("sync.yaml"), System::getenv)) {
 *     SyncPlan plan = sync.pair().plan();
 * }
 * }</pre>
 */
public final class ConfiguredSync implements AutoCloseable {
    private static final List<String> TYPES = List.of("file", "jdbc", "registry", "rest", "tryton", "tryton-orders");
    private static final Pattern LIMIT = Pattern.compile("(\\d{1,9})\\s+(\\d{1,3}(?:\\.\\d{1,4})?)%");

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final List<Supplier<List<Hold>>> controls = new ArrayList<>();
    private final String name;
    private final SyncPair pair;
    private @Nullable ReceivablesLedger receivables;

    private ConfiguredSync(Settings settings) {
        name = settings.text("pair");
        try {
            pair = pair(settings);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Everything is read before the store is opened, so that a misspelt key makes no store. */
    private SyncPair pair(Settings settings) {
        String storeUrl = storeUrl(settings);
        Settings from = settings.block("source");
        Settings to = settings.block("target");
        Function<Store, Connector> source = connector(from, to);
        Function<Store, Connector> target = connector(to, to);
        boolean registry = from.text("type").equals("registry");
        Translation translation = registry ? Translation.none() : translation(settings, from, to);
        Function<Store, SyncPair.Builder> builder = builder(settings);
        from.done();
        to.done();
        settings.done();
        Store store = keep(Store.open(storeUrl));
        Connector left = source.apply(store);
        return builder.apply(store)
                .source(left)
                .target(target.apply(store))
                .controls(this::holds)
                .translation(left instanceof CustomerSource customers ? customers.translation() : translation)
                .build();
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.push(resource);
        return resource;
    }

    /**
     * Reads the file, opens the store, or makes it, and the connectors. Neither system is connected yet.
     *
     * @param environment where secrets {@code env:NAME} are, usually {@code System::getenv}
     * @throws io.crmsdk.sync.SyncException {@code SETTINGS} with file, line and key, {@code SETTINGS_UNREADABLE}
     * @throws io.crmsdk.mapping.MappingException if a mapping that is named cannot be used
     * @throws io.crmsdk.CrmException if the store, a file or an address cannot be used
     */
    public static ConfiguredSync open(Path file, Settings.Environment environment) {
        return new ConfiguredSync(Settings.load(file, environment));
    }

    /** The name of the pair. */
    public String name() {
        return name;
    }

    /** The pair, open until this is closed. */
    public SyncPair pair() {
        return pair;
    }

    /**
     * The books that a source of type {@code tryton-orders} is read into whenever a plan is made; empty for other sources.
     */
    public Optional<ReceivablesLedger> receivables() {
        return Optional.ofNullable(receivables);
    }

    /** Embedded stores are where the settings are, wherever the command is started. */
    private static String storeUrl(Settings settings) {
        String url = settings.text("store", "sqlite:crm-sync.db");
        for (String embedded : List.of("sqlite:", "h2:")) {
            if (url.startsWith(embedded) && url.length() > embedded.length()) {
                return embedded + settings.folder().resolve(url.substring(embedded.length()));
            }
        }
        return url;
    }

    private Function<Store, Connector> connector(Settings side, Settings target) {
        String type = side.choice("type", "", TYPES);
        switch (type) {
            case "file" -> {
                Path path = side.path("path");
                String id = side.text("id");
                return store -> keep(SheetConnector.of(SheetSource.of(path), id));
            }
            case "jdbc" -> {
                if (side == target) {
                    throw side.problem("type", "a query is only read; it can only be a source");
                }
                JdbcConnector connector = keep(JdbcConnector.of(side));
                return store -> connector;
            }
            case "registry" -> {
                if (side == target) {
                    throw side.problem("type", "the registry is written by imports; it can only be a source");
                }
                Mapping mapping = mapping(target);
                return store -> new CustomerSource(CustomerRegistry.open(store), mapping);
            }
            case "rest" -> {
                mappingName(side);
                RestConnector connector = keep(RestConnector.of(side));
                return store -> connector;
            }
            case "tryton-orders" -> {
                if (side == target) {
                    throw side.problem(
                            "type", "orders are written by the system they come from; it can only be a source");
                }
                TrytonServer server = tryton(side);
                String instance = side.text("instance", "");
                return store -> orders(store, TrytonBooks.of(server, instance));
            }
            default -> {
                TrytonServer server = tryton(side);
                String instance = side.text("instance", "");
                return store -> TrytonParties.of(server, instance);
            }
        }
    }

    private TrytonServer tryton(Settings side) {
        TrytonServer server = keep(TrytonServer.of(side));
        controls.add(server::clockHolds);
        return server;
    }

    private Connector orders(Store store, DocumentSource books) {
        ReceivablesLedger ledger = ReceivablesLedger.open(store, books.system(), books.instance());
        receivables = ledger;
        controls.add(ledger::holds);
        return new BooksFirst(ledger, books);
    }

    private List<Hold> holds() {
        return controls.stream().flatMap(control -> control.get().stream()).toList();
    }

    private static Translation translation(Settings settings, Settings from, Settings to) {
        Map<String, String> names = settings.texts("fields");
        boolean mapped = mappingName(from) != null || mappingName(to) != null;
        if (mapped && !names.isEmpty()) {
            throw settings.problem("fields", "contradicts the mappings of source and target; keep one of the two");
        }
        if (mapped && settings.flag("both-ways", false)) {
            throw settings.problem("both-ways", "mappings go one way; use fields for a pair that goes both ways");
        }
        if (mapped) {
            return Wording.mappings(mapping(from), mapping(to));
        }
        if (names.values().stream().distinct().count() < names.size()) {
            throw settings.problem("fields", "names a field of the source twice");
        }
        return names.isEmpty() ? Translation.none() : Wording.names(names);
    }

    private static @Nullable String mappingName(Settings side) {
        return side.find("mapping").orElse(null);
    }

    /** A file beside the settings, or the bundled one of this name. */
    private static Mapping mapping(Settings side) {
        String wanted = side.text("mapping");
        Path file = side.path("mapping");
        return Files.exists(file) ? Mapping.load(file) : Mapping.bundled(wanted);
    }

    private Function<Store, SyncPair.Builder> builder(Settings settings) {
        boolean bothWays = settings.flag("both-ways", false);
        Map<String, String> policies = settings.texts("policies");
        List<String> words = Arrays.stream(FieldPolicy.values())
                .map(policy -> policy.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
        String usual = settings.choice("policy", bothWays ? "manual" : "source-wins", words);
        Settings each = settings.has("policies") ? settings.block("policies") : settings;
        policies.keySet().forEach(path -> each.choice(path, usual, words));
        Map<String, String> grants = settings.texts("never-grant");
        Map<String, String> money = settings.texts("money");
        Consumer<SyncPair.Builder> pingPong =
                settings.has("ping-pong") ? pingPong(settings.block("ping-pong")) : builder -> {};
        ChangeGuard guard = settings.has("guard") ? guard(settings.block("guard")) : ChangeGuard.defaults();
        return store -> {
            SyncPair.Builder builder =
                    SyncPair.builder(name, store).guard(guard).policy(policy(usual));
            policies.forEach((path, word) -> builder.policy(path, policy(word)));
            grants.forEach((path, value) -> grant(builder, path, value));
            money.forEach(builder::money);
            pingPong.accept(builder);
            return bothWays ? builder.bothWays() : builder;
        };
    }

    private static Consumer<SyncPair.Builder> pingPong(Settings settings) {
        int most = settings.number("most", 4, 2, 1000);
        Duration within = settings.span("within", Duration.ofDays(7));
        if (within.compareTo(Duration.ofMinutes(1)) < 0) {
            throw settings.problem("within", "expected at least 1m");
        }
        settings.done();
        return builder -> builder.pingPong(most, within);
    }

    private static void grant(SyncPair.Builder builder, String path, String value) {
        if (value.equals("true") || value.equals("false")) {
            builder.neverGrant(path, Boolean.parseBoolean(value));
        } else {
            builder.neverGrant(path, value);
        }
    }

    private static FieldPolicy policy(String word) {
        return FieldPolicy.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static ChangeGuard guard(Settings settings) {
        ChangeGuard.Builder guard = ChangeGuard.builder();
        limit(settings, "archives", guard::archives);
        limit(settings, "updates", guard::updates);
        limit(settings, "blanked", guard::blanked);
        List<String> owners = settings.list("reassigned-fields");
        limit(settings, "reassigned", (number, share) -> guard.reassigned(Set.copyOf(owners), number, share));
        List<String> telling = settings.list("telling-fields");
        if (!telling.isEmpty()) {
            guard.telling(Set.copyOf(telling), settings.number("telling", 5, 1, 1_000_000));
        }
        if (settings.has("creates-over-median")) {
            guard.createsOverMedian(settings.number("creates-over-median", 3, 1, 1_000_000));
        }
        if (settings.has("shrunk")) {
            guard.shrunk(settings.number("shrunk", 30, 0, 100) / 100.0);
        }
        settings.done();
        return guard.build();
    }

    /** Takes a number and a share. */
    private interface Limit {
        void set(long number, double share);
    }

    private static void limit(Settings settings, String key, Limit limit) {
        String text = settings.find(key).orElse(null);
        if (text == null) {
            return;
        }
        Matcher parts = LIMIT.matcher(text);
        double percent = parts.matches() ? Double.parseDouble(parts.group(2)) : -1;
        if (percent < 0 || percent > 100) {
            throw settings.problem(key, "expected a number and a share such as 10 1%, got " + text);
        }
        limit.set(Long.parseLong(parts.group(1)), percent / 100);
    }

    /** Lets go of connectors and store. */
    @Override
    public void close() {
        RuntimeException first = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                RuntimeException failure = e instanceof RuntimeException known ? known : new IllegalStateException(e);
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    @Override
    public String toString() {
        return "ConfiguredSync[" + name + "]";
    }
}
