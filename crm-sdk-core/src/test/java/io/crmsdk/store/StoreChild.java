package io.crmsdk.store;

import io.crmsdk.store.internal.Sql;

/** A second process. It says on its output what became of its store, and ends with its input. */
final class StoreChild {
    private StoreChild() {}

    /** Arguments: the store's address, how many commits to make. */
    public static void main(String[] arguments) throws Exception {
        try (Store store = Store.open(arguments[0])) {
            say("OPEN");
            String prefix = "p" + ProcessHandle.current().pid() + "-";
            for (int n = 0; n < Integer.parseInt(arguments[1]); n++) {
                String name = prefix + n;
                store.inTransaction(
                        connection -> Sql.update(connection, "INSERT INTO crm_store VALUES (?, 'x', 1)", name));
            }
            say("DONE");
            while (System.in.read() >= 0) {
                // Until the parent has seen enough.
            }
        } catch (StoreException e) {
            say("REFUSED " + e.getMessage());
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
