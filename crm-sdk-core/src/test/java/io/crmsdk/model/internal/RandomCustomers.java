package io.crmsdk.model.internal;

import io.crmsdk.model.AddressUse;
import io.crmsdk.model.AttributeValue;
import io.crmsdk.model.Coded;
import io.crmsdk.model.ContactUse;
import io.crmsdk.model.Customer;
import io.crmsdk.model.CustomerEmail;
import io.crmsdk.model.CustomerKind;
import io.crmsdk.model.CustomerPhone;
import io.crmsdk.model.CustomerStatus;
import io.crmsdk.model.Deliverability;
import io.crmsdk.model.DeliverabilityState;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.ExternalId;
import io.crmsdk.model.Industry;
import io.crmsdk.model.LeadSource;
import io.crmsdk.model.LifecycleStage;
import io.crmsdk.model.Meta;
import io.crmsdk.model.Money;
import io.crmsdk.model.NameOrder;
import io.crmsdk.model.Note;
import io.crmsdk.model.OnlineAccount;
import io.crmsdk.model.Organization;
import io.crmsdk.model.Owner;
import io.crmsdk.model.PartialDate;
import io.crmsdk.model.Person;
import io.crmsdk.model.PhoneFeature;
import io.crmsdk.model.PhoneNumber;
import io.crmsdk.model.PostalAddress;
import io.crmsdk.model.Provenance;
import io.crmsdk.model.RecordRef;
import io.crmsdk.model.Region;
import io.crmsdk.model.TaxId;
import io.crmsdk.model.VipLevel;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Customers with every field of the model, or none, by a seed. */
public final class RandomCustomers {
    private static final String[] WORDS = {
        "Zoë",
        "陈宇轩",
        "O'Brien",
        "\uD842\uDFB7\uD83D\uDE00",
        "a\"b\\c",
        "上海华信(上海)科技有限公司",
        "x".repeat(60),
        "שלום",
        "tab <&>",
        "0"
    };
    private static final String[] CURRENCIES = {"CNY", "JPY", "KWD", "EUR"};

    private final Random random;

    public RandomCustomers(Random random) {
        this.random = random;
    }

    public Customer next() {
        Customer.Builder to = Customer.builder(any(CustomerKind.values()))
                .id(maybe(() -> "id-" + random.nextInt(1000)))
                .number(maybe(() -> "000" + random.nextInt(1000)))
                .status(coded(CustomerStatus.values()))
                .mergedInto(maybe(() -> "id-" + random.nextInt(1000)))
                .parent(maybe(() -> random.nextBoolean() ? RecordRef.of("p1") : RecordRef.of(externalId(7))))
                .displayName(maybe(this::word))
                .person(maybe(this::person))
                .organization(maybe(this::organization))
                .jobTitle(maybe(this::word))
                .department(maybe(this::word))
                .birthday(maybe(() -> PartialDate.parse(any("1992-02-29", "--02-29", "1970", "2001-11"))))
                .language(maybe(() -> "zh-CN"))
                .timeZone(maybe(() -> "Asia/Shanghai"));
        to.emails(some(this::email)).phones(some(this::phone)).addresses(some(this::address));
        to.onlineAccounts(some(() -> new OnlineAccount("wecom", "wo" + random.nextInt(), maybe(this::word))));
        to.websites(some(() -> URI.create("https://w" + random.nextInt(99) + ".example/%E4%BD%A0?q=1")));
        List<ExternalId> ids = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            ids.add(externalId(i));
        }
        to.externalIds(ids);
        to.owner(maybe(() -> new Owner("crm", "u1", maybe(() -> "o@o.example"), maybe(this::word))));
        to.region(maybe(() -> new Region("R1", maybe(this::word), maybe(this::word))));
        to.tags(tags());
        to.vip(any(VipLevel.values()));
        to.lifecycle(maybe(() -> coded(LifecycleStage.values())));
        to.source(maybe(() -> coded(LeadSource.values())));
        to.notes(some(this::note));
        to.attributes(attributes());
        to.meta(random.nextBoolean() ? Meta.none() : meta());
        return to.build();
    }

    private Person person() {
        return new Person(
                maybe(() -> "Dr."),
                maybe(this::word),
                maybe(this::word),
                maybe(this::word),
                maybe(() -> "Jr"),
                maybe(this::word),
                maybe(this::word),
                maybe(() -> "pinyin"),
                maybe(() -> any(NameOrder.values())),
                random.nextBoolean());
    }

    private Organization organization() {
        return new Organization(
                maybe(this::word),
                maybe(this::word),
                maybe(() -> new TaxId("USCC", "CN", "91336368DL9F9B9NF7")),
                some(() -> new TaxId("VAT", maybe(() -> "DE"), "DE" + random.nextInt(99999))),
                maybe(() -> new Industry("ISIC", maybe(() -> "C10"), maybe(this::word))),
                maybe(() -> random.nextInt(100000)),
                maybe(this::money));
    }

    private CustomerEmail email() {
        Deliverability known = new Deliverability(
                any(DeliverabilityState.values()), maybe(this::instant), maybe(() -> "550 5.1.1 unknown"));
        return new CustomerEmail(
                EmailAddress.parse(
                        any("Li.Wei", "o'neil+tag", "邮箱") + random.nextInt(99) + "@" + any("x.example", "例子.example")),
                maybe(() -> coded(ContactUse.values())),
                maybe(() -> 1 + random.nextInt(100)),
                random.nextBoolean() ? Deliverability.unknown() : known,
                maybe(this::instant),
                maybe(() -> "double-opt-in"));
    }

    private CustomerPhone phone() {
        Set<PhoneFeature> features = EnumSet.noneOf(PhoneFeature.class);
        for (PhoneFeature feature : PhoneFeature.values()) {
            if (random.nextBoolean()) {
                features.add(feature);
            }
        }
        PhoneNumber number = random.nextBoolean()
                ? PhoneNumber.unread("138****8000")
                : PhoneNumber.of("021-6234", "+86216234", "8001");
        return new CustomerPhone(
                number, features, maybe(() -> coded(ContactUse.values())), maybe(() -> 1 + random.nextInt(100)));
    }

    private PostalAddress address() {
        return new PostalAddress(
                maybe(() -> coded(AddressUse.values())),
                some(this::word),
                maybe(() -> word() + "\n" + word()),
                maybe(this::word),
                maybe(this::word),
                maybe(this::word),
                maybe(() -> "CN-31"),
                maybe(() -> "00501"),
                maybe(() -> "CN"),
                maybe(this::word),
                maybe(this::word));
    }

    private Note note() {
        return new Note(maybe(() -> "n1"), word(), maybe(this::word), maybe(this::instant), random.nextBoolean());
    }

    private Meta meta() {
        Map<String, Provenance> provenance = new LinkedHashMap<>();
        provenance.put("person.given", new Provenance("crm", maybe(this::instant), maybe(this::word)));
        provenance.put("emails", new Provenance("erp", null, null));
        return new Meta(
                maybe(this::instant),
                maybe(this::instant),
                maybe(() -> "W/\"1\""),
                random.nextInt(3) * (1L << 40),
                random.nextBoolean() ? Map.of() : provenance);
    }

    private Map<String, AttributeValue> attributes() {
        Map<String, AttributeValue> result = new LinkedHashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            result.put("vendor.字段" + i, attribute(true));
        }
        return result;
    }

    private AttributeValue attribute(boolean lists) {
        return switch (random.nextInt(lists ? 10 : 9)) {
            case 0 -> AttributeValue.of("one\ntwo " + word());
            case 1 -> new AttributeValue.IntegerValue(new BigInteger(100, random));
            case 2 -> AttributeValue.of(new BigDecimal(any("12500000.50", "-0.00", "1E+5", "3")));
            case 3 -> AttributeValue.of(money());
            case 4 -> AttributeValue.of(random.nextBoolean());
            case 5 -> AttributeValue.of(LocalDate.of(2024, 2, 29));
            case 6 -> AttributeValue.of(instant());
            case 7 -> new AttributeValue.EnumValue(" Hot lead ");
            case 8 -> new AttributeValue.RefValue(externalId(1));
            default -> new AttributeValue.ListValue(some(() -> attribute(false)));
        };
    }

    private ExternalId externalId(int number) {
        return new ExternalId(
                "sys" + number,
                any("", "tenant-1"),
                "Contact",
                any("0012x00000ABCde", "00042", "9007199254740993"),
                maybe(() -> "v1"),
                maybe(() -> "https://x.example/1"));
    }

    private Set<String> tags() {
        Set<String> tags = new LinkedHashSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            tags.add(any("b", "a", "重要", "Z"));
        }
        return tags;
    }

    private Money money() {
        return Money.of(new BigDecimal(random.nextInt(100000)), any(CURRENCIES));
    }

    private Instant instant() {
        return Instant.ofEpochSecond(random.nextInt(2_000_000_000), random.nextInt(1_000_000) * 1000L);
    }

    private String word() {
        return any(WORDS);
    }

    @SafeVarargs
    private <T> T any(T... values) {
        return values[random.nextInt(values.length)];
    }

    private <E extends Enum<E>> Coded<E> coded(E[] words) {
        E known = any(words);
        return switch (random.nextInt(3)) {
            case 0 -> Coded.of(known);
            case 1 -> Coded.other("fremd");
            default -> new Coded<>(known, "aktiv");
        };
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextBoolean() ? value.get() : null;
    }

    private <T> List<T> some(Supplier<T> value) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(value.get());
        }
        return list;
    }
}
