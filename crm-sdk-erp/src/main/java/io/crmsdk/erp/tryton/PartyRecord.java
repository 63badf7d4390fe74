package io.crmsdk.erp.tryton;

import io.crmsdk.sync.Fields;
import io.crmsdk.sync.RemoteRecord;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A party as the server holds it, with the children that the words of {@link TrytonParties} speak of. */
final class PartyRecord {
    static final List<String> MECHANISMS = List.of("email", "phone", "mobile", "fax", "website");
    static final List<String> PLAIN = List.of("code", "name");
    static final String KEY = "crm-sdk:";
    static final List<Object> ASKED = List.<Object>of(
            "code",
            "name",
            "active",
            "_timestamp",
            "contact_mechanisms.type",
            "contact_mechanisms.value",
            "contact_mechanisms.active",
            "contact_mechanisms._timestamp",
            "identifiers.code");

    private final Fields wire;
    private final List<Fields> mechanisms;

    PartyRecord(Fields wire) {
        this.wire = wire;
        this.mechanisms = wire.objects("contact_mechanisms\\.").stream()
                .filter(one -> isYes(one.get("active")))
                .toList();
    }

    static boolean isYes(@Nullable String value) {
        return "true".equals(value) || "1".equals(value);
    }

    String id() {
        return String.valueOf(wire.get("id"));
    }

    /** The id of the mechanism that a word means: the first in use of its type; null if there is none. */
    @Nullable
    Long mechanism(String type) {
        Fields first = first(type);
        return first == null ? null : Long.valueOf(String.valueOf(first.get("id")));
    }

    private @Nullable Fields first(String type) {
        return mechanisms.stream()
                .filter(one -> type.equals(one.text("type")))
                .findFirst()
                .orElse(null);
    }

    /** What a write is bound to: the versions of the party and of its mechanisms, which change on their own. */
    Map<String, Object> timestamps() {
        Map<String, Object> stamps = new LinkedHashMap<>();
        stamps.put("party.party," + id(), String.valueOf(wire.text("_timestamp")));
        for (Fields one : mechanisms) {
            stamps.put("party.contact_mechanism," + one.get("id"), String.valueOf(one.text("_timestamp")));
        }
        return stamps;
    }

    /** With the values, since the server's own stamps are whole seconds on SQLite. */
    private String version() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((timestamps() + fields().json() + wire.get("active")).getBytes(StandardCharsets.UTF_8));
            return wire.text("_timestamp") + "~" + HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    RemoteRecord record() {
        RemoteRecord record = isYes(wire.get("active")) ? RemoteRecord.of(id(), fields()) : RemoteRecord.gone(id());
        return record.withVersion(version()).withKey(key());
    }

    private Fields fields() {
        Fields.Builder fields = Fields.builder();
        for (String word : PLAIN) {
            fields.text(word, wire.text(word));
        }
        for (String type : MECHANISMS) {
            Fields first = first(type);
            fields.text(type, first == null ? null : first.text("value"));
        }
        return fields.build();
    }

    private @Nullable String key() {
        List<String> keys = new ArrayList<>();
        for (Fields identifier : wire.objects("identifiers\\.")) {
            String code = identifier.text("code");
            if (code != null && code.startsWith(KEY)) {
                keys.add(code.substring(KEY.length()));
            }
        }
        return keys.isEmpty() ? null : keys.get(0);
    }
}
