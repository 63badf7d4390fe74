package io.crmsdk.identity;

import io.crmsdk.model.CustomerKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * An invented market by a seed: customers of an ERP, a CRM, a mail tool and a sheet, and the situations in which they are
 * mistaken for one another. Its own making, so that rules that fit only the labelled sets are found out.
 */
final class TrapWorld {
    /** What may become of a pair. */
    enum Expected {
        AUTO,
        NOT_AUTO,
        DISTINCT
    }

    record Pair(int a, int b, Expected expected, String trap) {}

    private static final String[] GIVEN = {
        "Lucia", "Henrik", "Amélie", "Oscar", "Nadia", "Pavel", "Ingrid", "Mateo", "Clara", "Bruno", "Esther", "Colin",
        "Yvonne", "Sergio", "Wanda", "Tobias", "Valerie", "Ralf", "Fiona", "Jérôme"
    };
    private static final String[] FAMILY = {
        "Hoffmann",
        "Lindqvist",
        "Moreau",
        "Ferrari",
        "Kowalczyk",
        "Petrov",
        "Ó Conaill",
        "Van Houten",
        "Nakamura",
        "Okafor",
        "Sørensen",
        "Gonçalves",
        "Baumgartner",
        "Delacroix",
        "Whitfield",
        "Castellano",
        "Brzezinski",
        "Abernathy",
        "Thorvaldsen"
    };
    private static final String HAN_FAMILY = "赵钱孙周吴郑冯陈蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜";
    private static final String HAN_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰志文建国宇轩子涵雨桐浩然欣怡";
    private static final String[] CITIES = {"Lyon", "Graz", "Porto", "Leeds", "宁波", "青岛", "厦门", "Utrecht"};
    private static final String[] COMPANY_WORDS = {
        "Borealis",
        "Corvus",
        "Halcyon",
        "Ironbridge",
        "Juniper",
        "Kestrel",
        "Larkspur",
        "Monolith",
        "Nimbus",
        "Obsidian",
        "Palisade",
        "Quillon",
        "Rotunda",
        "Sextant",
        "Tamarisk",
        "Umbra"
    };

    final List<Evidence> records = new ArrayList<>();
    final List<Integer> truth = new ArrayList<>();
    final List<Pair> pairs = new ArrayList<>();
    private final Random random;
    private int people;

    TrapWorld(long seed, int ordinary, int traps) {
        random = new Random(seed);
        for (int i = 0; i < ordinary; i++) {
            ordinary();
        }
        for (int i = 0; i < traps; i++) {
            household();
            familyMailbox();
            recycledNumber();
            sharedMailbox();
            switchboard();
            namesakesAcrossCompanies();
            namesakesInOneCompany();
            twins();
            placeholders();
            fatherAndSon();
            bridge(false);
            bridge(true);
            branch();
            legalForm();
            romanised();
            shortForm();
            jobChange();
            sameIdOfTwoSystems();
            nameOnly();
        }
    }

    private final class Person {
        final int id = people++;
        final boolean han = random.nextBoolean();
        final String family = han ? pick(HAN_FAMILY) : any(FAMILY);
        final String given = han ? pick(HAN_GIVEN) + (random.nextBoolean() ? pick(HAN_GIVEN) : "") : any(GIVEN);
        final String company = company();
        final String tax = "9" + random.nextInt(1_000_000_000) + "XK" + random.nextInt(1000);
        final String phone = phone(han);
        final String mail = "u" + id + "." + random.nextInt(10_000) + "@m" + random.nextInt(100_000) + ".example";
        final String street = random.nextInt(400) + " Mill Road";
        final String city = any(CITIES);
        final String postcode = String.valueOf(10_000 + random.nextInt(89_999));

        String name() {
            return han ? family + given : given + " " + family;
        }
    }

    private static String phone(boolean han, int number) {
        return han ? "+861" + (3_900_000_000L + number) : "+4477" + (10_000_000 + number);
    }

    private String phone(boolean han) {
        return phone(han, random.nextInt(89_000_000));
    }

    private static String company(String first, String second, boolean han) {
        return han ? first + second + "有限公司" : first + " " + second + " Ltd";
    }

    private String company() {
        return company(any(COMPANY_WORDS) + random.nextInt(9_000), any(COMPANY_WORDS), false);
    }

    private String any(String[] words) {
        return words[random.nextInt(words.length)];
    }

    private String pick(String characters) {
        return characters.substring(random.nextInt(characters.length())).substring(0, 1);
    }

    private int add(int truthId, Evidence.Builder record) {
        records.add(record.externalId("sys", "x" + records.size()).build());
        truth.add(truthId);
        return records.size() - 1;
    }

    private void expect(int a, int b, Expected expected, String trap) {
        pairs.add(new Pair(a, b, expected, trap));
    }

    private static Evidence.Builder person(String name) {
        return Evidence.builder(CustomerKind.PERSON).name(name);
    }

    private static Evidence.Builder whole(Person p, String name) {
        return at(person(name).company(p.company).taxId(p.tax), p);
    }

    private static Evidence.Builder at(Evidence.Builder to, Person p) {
        return to.street(p.street).city(p.city).postcode(p.postcode);
    }

    private String slip(String name) {
        if (name.length() < 6) {
            return name;
        }
        int at = 1 + random.nextInt(name.length() - 3);
        return switch (random.nextInt(3)) {
            case 0 -> name.substring(0, at) + name.charAt(at) + name.substring(at);
            case 1 -> name.substring(0, at) + name.substring(at + 1);
            default -> name.substring(0, at) + name.charAt(at + 1) + name.charAt(at) + name.substring(at + 2);
        };
    }

    /** One to four records of one customer, each with some of the contact points and perhaps a slip in the name. */
    private void ordinary() {
        Person p = new Person();
        int copies = 1 + random.nextInt(4);
        for (int i = 0; i < copies; i++) {
            boolean clean = i == 0 || random.nextInt(4) > 0;
            Evidence.Builder to = person(clean || p.han ? p.name() : slip(p.name()));
            // A mail tool knows contact points only; the others know where a customer is, and one or both.
            boolean tool = random.nextInt(4) == 0;
            boolean mail = tool || random.nextInt(4) > 0;
            if (mail) {
                to.email(random.nextBoolean() ? p.mail : p.mail.toUpperCase(Locale.ROOT), true);
            }
            if (tool || !mail || random.nextInt(3) > 0) {
                to.phone(p.phone.replace("+", random.nextBoolean() ? "+" : "00"), true, "GB");
            }
            add(p.id, tool ? to : at(to.company(p.company), p));
        }
    }

    private void household() {
        Person a = new Person();
        Person b = new Person();
        String other = a.given.equals("Wanda") ? "Oscar" : "Wanda";
        int x = add(
                a.id,
                at(
                        person((a.han ? "Nadia" : a.given) + " Hoffmann")
                                .email(a.mail, true)
                                .phone(a.phone, true, null),
                        a));
        int y = add(
                b.id,
                at(
                        person((a.given.equals("Nadia") ? "Ralf" : other) + " Hoffmann")
                                .phone(a.phone, true, null),
                        a));
        expect(x, y, Expected.NOT_AUTO, "household");
    }

    private void familyMailbox() {
        Person a = new Person();
        Person b = new Person();
        int x = add(a.id, at(person("Henrik Moreau").email(a.mail, true), a));
        int y = add(b.id, at(person("Clara Moreau").email(a.mail, true), a));
        expect(x, y, Expected.NOT_AUTO, "family mailbox");
    }

    private void recycledNumber() {
        Person a = new Person();
        Person b = new Person();
        int x = add(a.id, whole(a, "Pavel Petrov").phone(a.phone, true, null));
        int y = add(b.id, whole(b, "Yvonne Delacroix").phone(a.phone, true, null));
        expect(x, y, Expected.NOT_AUTO, "recycled number");
    }

    private void sharedMailbox() {
        Person a = new Person();
        Person b = new Person();
        String mail = any(new String[] {"sales", "info", "accounting", "office"}) + "@firm" + a.id + ".example";
        int x = add(a.id, whole(a, "Bruno Ferrari").email(mail, true));
        int y = add(b.id, whole(a, "Esther Okafor").email(mail, true));
        expect(x, y, Expected.DISTINCT, "shared mailbox");
    }

    private void switchboard() {
        Person a = new Person();
        int first = records.size();
        String[] names = {
            "Colin Abernathy", "Ingrid Lindqvist", "Sergio Castellano", "Fiona Whitfield", "Tobias Baumgartner"
        };
        for (String name : names) {
            Person p = new Person();
            add(p.id, whole(a, name).phone(a.phone, false, null).email(p.mail, true));
        }
        for (int i = 0; i < names.length; i++) {
            for (int j = i + 1; j < names.length; j++) {
                expect(first + i, first + j, Expected.DISTINCT, "switchboard");
            }
        }
    }

    private void namesakesAcrossCompanies() {
        Person a = new Person();
        Person b = new Person();
        int x = add(a.id, whole(a, "张伟").email(a.mail, true).phone(a.phone, true, null));
        int y = add(b.id, whole(b, "张伟").email(b.mail, true).phone(b.phone, true, null));
        expect(x, y, Expected.DISTINCT, "namesakes across companies");
    }

    private void namesakesInOneCompany() {
        Person a = new Person();
        Person b = new Person();
        int x = add(a.id, whole(a, "李娜").email(a.mail, true).phone(a.phone, true, null));
        int y = add(b.id, whole(a, "李娜").email(b.mail, true).phone(b.phone, true, null));
        expect(x, y, Expected.NOT_AUTO, "namesakes in one company");
    }

    private void twins() {
        Person a = new Person();
        Person b = new Person();
        int x = add(
                a.id,
                whole(a, "Clara Brzezinski")
                        .birthDate("1994-05-11")
                        .email(a.mail, true)
                        .phone(a.phone, true, null));
        int y = add(
                b.id,
                whole(a, "Nadia Brzezinski")
                        .birthDate("1994-05-11")
                        .email(b.mail, true)
                        .phone(b.phone, true, null));
        expect(x, y, Expected.DISTINCT, "twins");
    }

    private void placeholders() {
        Person a = new Person();
        Person b = new Person();
        String mail = any(new String[] {"none@none.com", "noemail@x.example", "test@test.com", "na@na.com"});
        String phone = any(new String[] {"+13333333333", "8.62E+12", "+8613800138000", "123456789"});
        int x = add(
                a.id,
                whole(a, "Oscar Nakamura")
                        .email(mail, false)
                        .phone(phone, false, null)
                        .taxId("000000000"));
        int y = add(
                b.id,
                whole(b, "Lucia Gonçalves")
                        .email(mail, false)
                        .phone(phone, false, null)
                        .taxId("000000000"));
        expect(x, y, Expected.DISTINCT, "placeholders");
        Person c = new Person();
        Person d = new Person();
        int v = add(c.id, whole(c, "unknown").email("", false));
        int w = add(d.id, whole(c, "unknown").email("", false));
        expect(v, w, Expected.NOT_AUTO, "placeholder name");
    }

    private void fatherAndSon() {
        Person a = new Person();
        Person b = new Person();
        int x = add(a.id, at(person("Colin Whitfield Sr.").phone(a.phone, true, null), a));
        int y = add(b.id, at(person("Colin Whitfield Jr").phone(a.phone, true, null), a));
        expect(x, y, Expected.NOT_AUTO, "father and son");
    }

    /** A record with the telephone of one and the mailbox of another. */
    private void bridge(boolean oneName) {
        Person a = new Person();
        Person b = new Person();
        String nameB = oneName ? "Wanda Okafor" : "Ralf Thorvaldsen";
        int x = add(a.id, whole(a, "Wanda Okafor").phone(a.phone, true, null));
        int y = add(b.id, whole(b, nameB).email(b.mail, true));
        int between =
                add(a.id, person("Wanda Okafor").phone(a.phone, true, null).email(b.mail, true));
        expect(x, y, Expected.NOT_AUTO, "bridge");
        expect(between, y, Expected.NOT_AUTO, "bridge");
    }

    private void branch() {
        Person a = new Person();
        Person b = new Person();
        int x = add(
                a.id,
                Evidence.builder(CustomerKind.ORGANIZATION)
                        .company("宁波金桥" + a.id + "机械有限公司")
                        .taxId(a.tax)
                        .phone(a.phone, false, null));
        int y = add(
                b.id,
                Evidence.builder(CustomerKind.ORGANIZATION)
                        .company("青岛金桥" + a.id + "机械有限公司")
                        .taxId(b.tax)
                        .phone(a.phone, false, null));
        expect(x, y, Expected.DISTINCT, "branch");
    }

    private void legalForm() {
        Person a = new Person();
        String word = any(COMPANY_WORDS) + " " + any(COMPANY_WORDS) + " Foods";
        int x = add(
                a.id,
                Evidence.builder(CustomerKind.ORGANIZATION)
                        .company(word + " GmbH")
                        .taxId(a.tax));
        int y = add(
                a.id,
                Evidence.builder(CustomerKind.ORGANIZATION)
                        .company(word.toUpperCase(Locale.ROOT) + " Gesellschaft mit beschränkter Haftung")
                        .taxId(a.tax.toLowerCase(Locale.ROOT)));
        expect(x, y, Expected.AUTO, "legal form");
    }

    private void romanised() {
        Person a = new Person();
        int x = add(a.id, whole(a, "沈雨桐").email(a.mail, true));
        int y = add(a.id, person("Yutong Shen").email(a.mail.toUpperCase(Locale.ROOT), true));
        expect(x, y, Expected.AUTO, "romanised");
    }

    private void shortForm() {
        Person a = new Person();
        int x = add(a.id, whole(a, "Robert Abernathy").email(a.mail, true));
        int y = add(a.id, whole(a, "Abernathy Bob").email("  " + a.mail + " ", true));
        expect(x, y, Expected.AUTO, "short form, swapped");
    }

    private void jobChange() {
        Person a = new Person();
        Person b = new Person();
        int x = add(a.id, whole(a, "郑欣怡").email(a.mail, true).phone(a.phone, true, null));
        int y = add(a.id, whole(b, "郑欣怡").email(b.mail, true).phone(a.phone, true, null));
        pairs.add(new Pair(x, y, Expected.NOT_AUTO, "job change"));
    }

    private void sameIdOfTwoSystems() {
        Person a = new Person();
        Person b = new Person();
        String id = String.valueOf(random.nextInt(100_000));
        int x = add(a.id, whole(a, "Valerie Moreau").externalId("erp", id));
        int y = add(b.id, whole(b, "Mateo Ferrari").externalId("crm", id));
        expect(x, y, Expected.DISTINCT, "one id in two systems");
    }

    private void nameOnly() {
        Person a = new Person();
        Person b = new Person();
        int x = add(a.id, person("Jérôme Delacroix"));
        int y = add(b.id, person("Jerome Delacroix"));
        expect(x, y, Expected.NOT_AUTO, "name only");
    }
}
