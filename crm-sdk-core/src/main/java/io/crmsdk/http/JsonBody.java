package io.crmsdk.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.crmsdk.Redaction;
import java.io.IOException;
import java.io.StringWriter;

/** Looks through JSON bodies once: are they whole and within bounds, and what may a log show of them. */
final class JsonBody {
    private static final int NUMBER_DIGITS = 1000;
    private static final int SHOWN = 4000;

    private final JsonFactory factory;

    JsonBody(HttpLimits limits) {
        factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.jsonDepth())
                        .maxNumberLength(NUMBER_DIGITS)
                        .maxStringLength(limits.bodyBytes())
                        .maxDocumentLength(limits.bodyBytes())
                        .build())
                .build();
    }

    /** Refuses what is cut, malformed, nested too deep, or has numbers of absurd length. */
    void check(HttpAnswer answer) throws BodyLimitException {
        try (JsonParser parser = factory.createParser(answer.utf8())) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isNumeric()) {
                    parser.getNumberType();
                }
            }
        } catch (StreamConstraintsException e) {
            throw new BodyLimitException("HTTP_BODY_TOO_DEEP", "the JSON nests too deep or has a number without end");
        } catch (IOException e) {
            throw new BodyLimitException("HTTP_BODY_MALFORMED", "the JSON is cut off or malformed");
        } catch (HttpException e) {
            throw new BodyLimitException(e.code(), "the body is not in its declared charset");
        }
    }

    /** The shape of a body with every text and number masked, for logs; at most a page. */
    String masked(byte[] body) {
        StringWriter text = new StringWriter();
        try (JsonParser parser = factory.createParser(body);
                JsonGenerator out = factory.createGenerator(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                copy(parser, token, out);
                if (text.getBuffer().length() > SHOWN) {
                    return text.getBuffer().substring(0, SHOWN) + "…";
                }
            }
        } catch (IOException e) {
            return text + " (not JSON from here on)";
        }
        return text.toString();
    }

    private static void copy(JsonParser parser, JsonToken token, JsonGenerator out) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            out.writeString(Redaction.text(parser.getText()));
        } else if (token.isNumeric()) {
            out.writeString("#(" + parser.getTextLength() + ")");
        } else {
            out.copyCurrentEvent(parser);
        }
    }
}
