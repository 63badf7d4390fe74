package io.crmsdk.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a token endpoint answered, by RFC 6749 sections 5.1 and 5.2.
 *
 * @param token the access token, if there is one
 * @param lifetime seconds it is good for, if told
 * @param refresh the refresh token that replaces the old one, if any
 * @param error the error word, if there is one
 */
record TokenReply(
        @Nullable String token,
        OptionalLong lifetime,
        @Nullable String refresh,
        @Nullable String error) {
    private static final JsonFactory JSON = new JsonFactory();

    static TokenReply of(HttpAnswer answer) {
        Map<String, String> fields = fields(answer);
        return new TokenReply(
                fields.get("access_token"),
                seconds(fields.get("expires_in")),
                fields.get("refresh_token"),
                fields.get("error"));
    }

    private static OptionalLong seconds(@Nullable String text) {
        try {
            return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** The scalars of the outermost object; what is not JSON has none. */
    private static Map<String, String> fields(HttpAnswer answer) {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser parser = JSON.createParser(answer.utf8())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return fields;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken().isScalarValue()) {
                    fields.put(name, parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException | HttpException e) {
            fields.clear();
        }
        return fields;
    }

    /** The error word of RFC 6749 if it is one, else nothing of what came: services put names in there. */
    String shown() {
        return error != null && error.matches("[a-z_]{1,40}") ? error : "no error word";
    }

    @Override
    public String toString() {
        return "TokenReply[" + (token == null ? shown() : "token") + "]";
    }
}
