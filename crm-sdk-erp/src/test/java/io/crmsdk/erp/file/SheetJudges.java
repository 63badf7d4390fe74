package io.crmsdk.erp.file;

import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.Money;
import io.crmsdk.model.PhoneNumber;
import io.crmsdk.model.VipLevel;
import io.crmsdk.quality.CreditCode;
import io.crmsdk.quality.Division;
import io.crmsdk.quality.Judge;
import io.crmsdk.quality.JudgeContext;
import io.crmsdk.quality.Judged;
import io.crmsdk.quality.Judges;
import io.crmsdk.quality.OptOut;
import io.crmsdk.quality.Polarity;
import io.crmsdk.quality.ResidentId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Judges the cells of a customer sheet by its columns, as texts in the form of the data's expectations. */
final class SheetJudges {
    static final LocalDate TODAY = LocalDate.of(2026, 11, 24);
    private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");

    /** Columns of the customer sheets and the fields they hold. */
    static final Map<String, String> FIELDS = fields();

    private static final Map<String, Judge<String>> JUDGES = Map.ofEntries(
            Map.entry("mobile", Judges.mobile("CN").map(PhoneNumber::text)),
            Map.entry("landline", Judges.landline("CN").map(PhoneNumber::text)),
            Map.entry("email", Judges.email().map(EmailAddress::canonical)),
            Map.entry("idNumber", Judges.residentId().map(ResidentId::number)),
            Map.entry("creditCode", Judges.creditCode().map(CreditCode::code)),
            Map.entry("spent", Judges.money("CNY").map(SheetJudges::plain)),
            Map.entry("birthday", Judges.birthday().map(LocalDate::toString)),
            Map.entry("vip", Judges.vip().map(SheetJudges::tier)),
            Map.entry("company", Judges.company()),
            Map.entry("contact", Judges.personName()),
            Map.entry("code", Judges.code(6)),
            Map.entry("registeredAt", Judges.moment(CHINA).map(Instant::toString)),
            Map.entry("lastOrderAt", Judges.moment(CHINA).map(Instant::toString)),
            Map.entry("title", Judges.text("title", 128)),
            Map.entry("address", Judges.text("address", 500)),
            Map.entry("province", Judges.division(Division.Level.PROVINCE).map(Division::name)),
            Map.entry("city", Judges.division(Division.Level.PREFECTURE).map(Division::name)),
            Map.entry("district", Judges.division(Division.Level.COUNTY).map(Division::name)),
            Map.entry("note", Judges.remark("note", 1000)));

    private SheetJudges() {}

    private static Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        String[] pairs = {
            "客户编号",
            "code",
            "客户名称",
            "company",
            "联系人",
            "contact",
            "职务",
            "title",
            "手机",
            "mobile",
            "固定电话",
            "landline",
            "邮箱",
            "email",
            "身份证号",
            "idNumber",
            "统一社会信用代码",
            "creditCode",
            "省份",
            "province",
            "城市",
            "city",
            "区县",
            "district",
            "地址",
            "address",
            "会员等级",
            "vip",
            "累计消费",
            "spent",
            "是否退订",
            "optOut",
            "是否接收营销",
            "optOut",
            "生日",
            "birthday",
            "注册时间",
            "registeredAt",
            "最近下单时间",
            "lastOrderAt",
            "备注",
            "note"
        };
        for (int i = 0; i < pairs.length; i += 2) {
            fields.put(pairs[i], pairs[i + 1]);
        }
        return fields;
    }

    private static String plain(Money money) {
        return money.amount().toPlainString();
    }

    private static String tier(VipLevel level) {
        return String.valueOf(level.tier().orElseThrow());
    }

    static Judged<String> judge(List<String> header, SheetRow row, int column) {
        String name = header.get(column);
        JudgeContext context = JudgeContext.on(TODAY)
                .withCity(row.cells().get(header.indexOf("城市")).text())
                .withSeries(row.series().contains(column));
        String field = FIELDS.get(name);
        if (field.equals("optOut")) {
            Polarity polarity = name.equals("是否退订") ? Polarity.YES_MEANS_OPTED_OUT : Polarity.YES_MEANS_SUBSCRIBED;
            return Judges.optOut(polarity)
                    .judge(row.cells().get(column), context)
                    .map(SheetJudges::answer);
        }
        return JUDGES.get(field).judge(row.cells().get(column), context);
    }

    private static String answer(OptOut optOut) {
        return switch (optOut) {
            case OPTED_OUT -> "true";
            case NOT_OPTED_OUT -> "false";
            case UNKNOWN -> "unknown";
        };
    }
}
