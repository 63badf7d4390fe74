package io.crmsdk.mail.provider;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.crmsdk.mail.internal.JsonTree;
import java.io.IOException;

/** Reads the bodies of webhooks. */
final class WebhookJson {
    private WebhookJson() {}

    /** @throws Refused {@code MALFORMED} or {@code LIMIT_EXCEEDED} */
    static JsonTree parse(byte[] bytes) throws Refused {
        try {
            return JsonTree.parse(bytes);
        } catch (StreamConstraintsException e) {
            throw new Refused("LIMIT_EXCEEDED");
        } catch (IOException e) {
            throw Refused.malformed();
        }
    }
}
