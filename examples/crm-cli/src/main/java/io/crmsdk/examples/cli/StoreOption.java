package io.crmsdk.examples.cli;

import io.crmsdk.store.Store;
import picocli.CommandLine.Option;

/** The store that a command works on. */
final class StoreOption {
    @Option(
            names = "--store",
            paramLabel = "URL",
            defaultValue = "sqlite:crm-sdk.db",
            description = "sqlite:FILE, h2:FILE or a JDBC URL; ${DEFAULT-VALUE} if absent.")
    private String url = "";

    String url() {
        return url;
    }

    /** Opens the store, or makes one. */
    Store open() {
        return Store.open(url);
    }

    /** Opens a store that must be there; a wrong name makes no empty one. */
    Store existing() {
        return Store.builder(url).mustExist().build();
    }
}
