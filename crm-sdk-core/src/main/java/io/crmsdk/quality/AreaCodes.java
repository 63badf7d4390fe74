package io.crmsdk.quality;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Area codes of Chinese cities, without the leading zero; cities with two are not in the table, so none is guessed. */
final class AreaCodes {
    private static final Map<String, String> BY_CITY = load();

    private AreaCodes() {}

    /** The area code of a city, whose name may lack its suffix; null if it is not known. */
    static @Nullable String ofCity(String city) {
        return BY_CITY.get(Division.bareName(city));
    }

    private static Map<String, String> load() {
        Map<String, String> byCity = new HashMap<>();
        for (String[] row : Tables.read("area-codes.tsv")) {
            byCity.put(Division.bareName(row[0]), row[1]);
        }
        return byCity;
    }
}
