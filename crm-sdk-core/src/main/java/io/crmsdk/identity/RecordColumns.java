package io.crmsdk.identity;

import io.crmsdk.model.CustomerKind;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which column of a table means what, so that rows can be matched as they are.
 *
 * <p>Read from properties: {@code mode=dedupe} or {@code mode=link} (records of one source are known to be different), and one
 * line a column, {@code name=role}. A cell may hold several values separated by {@code " | "}. Immutable.
 */
public final class RecordColumns {
    private enum Role {
        SOURCE,
        EXTERNALID,
        ORG,
        TAXID,
        FULLNAME,
        GIVEN,
        FAMILY,
        EMAIL,
        EMAILVERIFIED,
        PHONE,
        PHONEVERIFIED,
        STREET,
        STREETNO,
        CITY,
        POSTCODE,
        STATE,
        DOB,
        NATIONALID,
        OTHER
    }

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    private final boolean link;
    private final Map<Role, List<Integer>> columns;
    private final boolean stateIsCountry;

    private RecordColumns(boolean link, Map<Role, List<Integer>> columns, boolean stateIsCountry) {
        this.link = link;
        this.columns = columns;
        this.stateIsCountry = stateIsCountry;
    }

    /**
     * Reads the roles of the columns of a header.
     *
     * @param properties the lines of a schema file
     * @param header the names of the columns, in order
     * @throws IdentityException {@code IDENTITY_SCHEMA} naming every column that is not there and every role that is unknown
     */
    public static RecordColumns parse(String properties, List<String> header) {
        Properties lines = load(properties);
        List<String> problems = new ArrayList<>();
        String mode = lines.getProperty("mode", "dedupe").strip();
        if (!mode.equals("dedupe") && !mode.equals("link")) {
            problems.add("mode: expected dedupe or link, got " + mode);
        }
        Map<Role, List<Integer>> columns = new EnumMap<>(Role.class);
        boolean country = false;
        for (String name : new TreeSet<>(lines.stringPropertyNames())) {
            if (name.equals("mode")) {
                continue;
            }
            Role role = role(lines.getProperty(name).strip());
            int at = header.indexOf(name);
            if (role == null || at < 0) {
                problems.add(name + (role == null ? ": unknown role " + lines.getProperty(name) : ": no such column"));
            } else {
                columns.computeIfAbsent(role, r -> new ArrayList<>()).add(at);
                country |= role == Role.STATE && name.toLowerCase(Locale.ROOT).contains("country");
            }
        }
        if (!problems.isEmpty()) {
            throw new IdentityException("IDENTITY_SCHEMA", String.join("; ", problems), null);
        }
        if (!columns.containsKey(Role.SOURCE) && header.contains("source")) {
            columns.put(Role.SOURCE, new ArrayList<>(List.of(header.indexOf("source"))));
        }
        columns.values().forEach(list -> list.sort(null));
        return new RecordColumns(mode.equals("link"), columns, country);
    }

    /** Columns named like their roles, such as {@code email}, {@code phone}, {@code fullname}; others are passed over. */
    public static RecordColumns ofHeader(List<String> header) {
        StringBuilder lines = new StringBuilder();
        for (String name : header) {
            String role = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
            String known = SYNONYMS.getOrDefault(role, role);
            if (role(known) != null) {
                lines.append(escaped(name)).append('=').append(known).append('\n');
            }
        }
        return parse(lines.toString(), header);
    }

    private static final Map<String, String> SYNONYMS = Map.ofEntries(
            Map.entry("company", "org"),
            Map.entry("organization", "org"),
            Map.entry("firstname", "given"),
            Map.entry("givenname", "given"),
            Map.entry("surname", "family"),
            Map.entry("lastname", "family"),
            Map.entry("familyname", "family"),
            Map.entry("name", "fullname"),
            Map.entry("mail", "email"),
            Map.entry("mobile", "phone"),
            Map.entry("address", "street"),
            Map.entry("suburb", "city"),
            Map.entry("postalcode", "postcode"),
            Map.entry("zip", "postcode"),
            Map.entry("country", "state"),
            Map.entry("birthdate", "dob"),
            Map.entry("dateofbirth", "dob"),
            Map.entry("birthday", "dob"));

    private static String escaped(String name) {
        return name.replace("\\", "\\\\")
                .replace(" ", "\\ ")
                .replace("=", "\\=")
                .replace(":", "\\:")
                .replace("#", "\\#");
    }

    private static Properties load(String text) {
        Properties properties = new Properties();
        try (Reader reader = new StringReader(text.startsWith("\uFEFF") ? text.substring(1) : text)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalArgumentException e) {
            throw new IdentityException("IDENTITY_SCHEMA", "not a properties file", e);
        }
        return properties;
    }

    private static @Nullable Role role(String name) {
        for (Role role : Role.values()) {
            if (role.name().toLowerCase(Locale.ROOT).equals(name)) {
                return role;
            }
        }
        return null;
    }

    /** Whether records of one source are known to be different customers. */
    public boolean linksSources() {
        return link;
    }

    /** The source of a row; empty if there is no such column. */
    public String source(List<String> row) {
        String source = first(row, Role.SOURCE);
        return source == null ? "" : source;
    }

    /** The evidence of a row; missing cells at its end are empty. */
    public Evidence evidence(List<String> row) {
        String person = person(row);
        String company = first(row, Role.ORG);
        boolean organization = person == null && company != null;
        Evidence.Builder to = Evidence.builder(organization ? CustomerKind.ORGANIZATION : CustomerKind.PERSON);
        names(row, person, to);
        all(row, Role.ORG).forEach(to::company);
        all(row, Role.TAXID).forEach(to::taxId);
        to.externalId(source(row), first(row, Role.EXTERNALID));
        String country = country(row);
        boolean verifiedMail = isTrue(first(row, Role.EMAILVERIFIED));
        all(row, Role.EMAIL).forEach(email -> to.email(email, verifiedMail));
        boolean verifiedPhone = isTrue(first(row, Role.PHONEVERIFIED));
        all(row, Role.PHONE).forEach(phone -> to.phone(phone, verifiedPhone, country));
        all(row, Role.NATIONALID).forEach(to::nationalId);
        to.birthDate(first(row, Role.DOB));
        String number = first(row, Role.STREETNO);
        String street = first(row, Role.STREET);
        to.street(street == null || number == null ? street : number + " " + street);
        return to.city(first(row, Role.CITY))
                .postcode(first(row, Role.POSTCODE))
                .build();
    }

    private void names(List<String> row, @Nullable String person, Evidence.Builder to) {
        List<String> full = all(row, Role.FULLNAME);
        if (full.isEmpty()) {
            to.name(person);
        } else {
            full.forEach(to::name);
        }
    }

    private @Nullable String person(List<String> row) {
        String full = first(row, Role.FULLNAME);
        if (full != null) {
            return full;
        }
        String given = first(row, Role.GIVEN);
        String family = first(row, Role.FAMILY);
        if (given == null || family == null) {
            return given == null ? family : given;
        }
        boolean han = PersonName.isHan(given) && PersonName.isHan(family);
        return han ? family + given : given + " " + family;
    }

    private @Nullable String country(List<String> row) {
        String state = stateIsCountry ? first(row, Role.STATE) : null;
        return state != null && COUNTRIES.contains(state) ? state : null;
    }

    private static boolean isTrue(@Nullable String cell) {
        return cell != null && (cell.equalsIgnoreCase("true") || cell.equals("1") || cell.equalsIgnoreCase("yes"));
    }

    private @Nullable String first(List<String> row, Role role) {
        List<String> values = all(row, role);
        return values.isEmpty() ? null : values.get(0);
    }

    private List<String> all(List<String> row, Role role) {
        List<String> values = new ArrayList<>(1);
        for (int column : columns.getOrDefault(role, List.of())) {
            String cell = column < row.size() ? row.get(column).strip() : "";
            if (cell.indexOf('|') < 0) {
                add(values, cell);
            } else {
                for (String part : cell.split(" \\| ", 0)) {
                    add(values, part.strip());
                }
            }
        }
        return values;
    }

    private static void add(List<String> values, String value) {
        if (!value.isEmpty()) {
            values.add(value);
        }
    }
}
