package io.crmsdk.delivery;

import java.io.IOException;
import java.util.List;

/** Where finished messages go before they leave the store. */
public interface DeliveryArchive {
    /** What the audit calls it, such as the name of a file; at most 1,000 characters, no personal data. */
    String name();

    /**
     * Keeps these lines; they are taken out of the store once this returns. So it must not return before they are on stable storage.
     *
     * <p>After a crash in between, the same messages come again: a reader takes the last line of each message id.
     *
     * @param lines each one JSON object without a line end, as {@link FileArchive} describes
     * @throws IOException if it is not sure that they are kept; then nothing is taken out
     */
    void keep(List<String> lines) throws IOException;

    /** Keeps nothing: for those who must not keep personal data any longer than the store does. */
    static DeliveryArchive nowhere() {
        return new DeliveryArchive() {
            @Override
            public String name() {
                return "nowhere";
            }

            @Override
            public void keep(List<String> lines) {
                // Meant to be lost.
            }
        };
    }
}
