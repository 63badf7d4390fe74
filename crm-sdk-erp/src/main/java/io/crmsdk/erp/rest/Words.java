package io.crmsdk.erp.rest;

import io.crmsdk.sync.Fields;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.sync.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where in a service's records stands what the engine asks for. What is none of it is the record's own fields. */
record Words(
        String id,
        @Nullable String version,
        @Nullable String modified,
        @Nullable String gone,
        @Nullable String key,
        List<String> ours) {
    static Words of(Settings settings) {
        String id = settings.text("id", "id");
        String version = settings.find("version").orElse(null);
        String modified = settings.find("modified").orElse(null);
        String gone = settings.find("gone").orElse(null);
        String key = settings.find("key").orElse(null);
        List<String> ours = new ArrayList<>(settings.list("ignore"));
        List<String> kept = settings.list("keep");
        Stream.of(id, version, modified, gone, key)
                .filter(Objects::nonNull)
                .filter(word -> !kept.contains(word))
                .forEach(ours::add);
        return new Words(id, version, modified, gone, key, List.copyOf(ours));
    }

    /** Whether an answer has a record in it. */
    boolean isRecord(Fields wire) {
        String given = scalar(wire, id);
        return given != null && !given.isBlank();
    }

    RemoteRecord record(Fields wire) {
        String given = String.valueOf(scalar(wire, id));
        RemoteRecord record = gone != null && isYes(wire.get(gone))
                ? RemoteRecord.gone(given)
                : RemoteRecord.of(given, wire.only(path -> !isOurs(path)));
        return record.withVersion(at(wire, version))
                .withModified(at(wire, modified))
                .withKey(at(wire, key));
    }

    private static @Nullable String at(Fields wire, @Nullable String path) {
        return path == null ? null : scalar(wire, path);
    }

    /** A flag, a count or a time of deletion says yes unless it is false, zero or empty. */
    private static boolean isYes(@Nullable String value) {
        return value != null && !List.of("false", "0", "null", "\"\"").contains(value);
    }

    private boolean isOurs(String path) {
        return ours.stream().anyMatch(own -> path.equals(own) || path.startsWith(own + "."));
    }

    /** A text, or a number as it stands; null for anything else. */
    static @Nullable String scalar(Fields fields, String path) {
        String text = fields.text(path);
        String value = fields.get(path);
        if (text != null || value == null || value.equals(Fields.EMPTY)) {
            return text;
        }
        return value.startsWith("[") || value.startsWith("{") ? null : value;
    }
}
