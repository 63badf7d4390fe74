package io.crmsdk.model.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.crmsdk.model.Customer;
import io.crmsdk.model.ModelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;

/**
 * The canonical JSON form of a customer: what the store keeps.
 *
 * <p>Lossless: reading what was written gives an equal customer. Canonical: equal customers give the same bytes (fixed order
 * of fields, attributes, tags and provenance sorted by key, absent values left out, no blanks). Versioned: the first field
 * is {@code "v"}; a higher version than ours is refused, since its fields may mean something else. Within a version,
 * fields and words that this reader does not know are skipped, so that an older process can read what a newer one wrote.
 *
 * <p>Numbers with decimals and whole numbers of any size are texts. Instants are RFC 3339 in UTC. Stateless and thread-safe.
 */
public final class CustomerJson {
    /** The version that is written. */
    public static final int VERSION = 1;

    private static final JsonFactory JSON = new JsonFactory();

    private CustomerJson() {}

    /** The customer as UTF-8 bytes. */
    public static byte[] write(Customer customer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            CustomerWriter.write(out, customer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Writes the customer as one object into a larger document. */
    public static void write(JsonGenerator out, Customer customer) throws IOException {
        CustomerWriter.write(out, customer);
    }

    /**
     * Reads what {@link #write(Customer)} wrote.
     *
     * @throws ModelException {@code CUSTOMER_JSON} if it is no such document or of a newer version; any other code if a value
     *     in it can never be right
     */
    public static Customer read(byte[] bytes) {
        try (JsonParser in = JSON.createParser(bytes)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new ModelException("CUSTOMER_JSON", "customer", "expected an object");
            }
            return read(in);
        } catch (IOException e) {
            throw new ModelException("CUSTOMER_JSON", "customer", "not a stored customer", e);
        }
    }

    /** Reads one customer within a larger document; the parser stands on its {@code START_OBJECT}. */
    public static Customer read(JsonParser in) throws IOException {
        Fields fields = Fields.read(in);
        try {
            return CustomerReader.read(fields);
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new ModelException("CUSTOMER_JSON", "customer", "a value of the wrong form", e);
        }
    }
}
