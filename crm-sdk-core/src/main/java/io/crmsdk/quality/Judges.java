package io.crmsdk.quality;

import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.Money;
import io.crmsdk.model.PhoneNumber;
import io.crmsdk.model.VipLevel;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;

/**
 * The judges that come with the SDK, one per kind of value. All are immutable and thread-safe and may be kept.
 *
 * <p>A judge repairs only what has a single reading, marks every guess, and refuses the rest with the raw text kept in the
 * finding; see {@link Action} for what an outcome means.
 */
public final class Judges {
    private static final Judge<EmailAddress> EMAIL = new EmailJudge();
    private static final Judge<ResidentId> RESIDENT_ID = new ResidentIdJudge();
    private static final Judge<CreditCode> CREDIT_CODE = new CreditCodeJudge();
    private static final Judge<String> COMPANY = new CompanyJudge();
    private static final Judge<String> PERSON_NAME = new PersonNameJudge();

    private Judges() {}

    /**
     * Mobile numbers. A landline is moved, letters and masks are refused; of several numbers the first is taken.
     *
     * @param region ISO 3166-1 alpha-2 of the country whose numbers may stand without country code
     */
    public static Judge<PhoneNumber> mobile(String region) {
        return new PhoneJudge("mobile", region, true);
    }

    /**
     * Landline and service numbers. A missing area code is guessed from {@link JudgeContext#city()} and flagged; a mobile is
     * moved.
     *
     * @param region ISO 3166-1 alpha-2 of the country whose numbers may stand without country code
     */
    public static Judge<PhoneNumber> landline(String region) {
        return new PhoneJudge("landline", region, false);
    }

    /** E-mail addresses. What surrounds an address is removed; of several addresses the first is taken. */
    public static Judge<EmailAddress> email() {
        return EMAIL;
    }

    /** Resident identity numbers of mainland China. */
    public static Judge<ResidentId> residentId() {
        return RESIDENT_ID;
    }

    /** Unified social credit codes of mainland China. */
    public static Judge<CreditCode> creditCode() {
        return CREDIT_CODE;
    }

    /**
     * Amounts in one currency. Another currency's sign is refused; {@code 万} and {@code 亿} multiply; brackets mean less
     * than nothing.
     *
     * @param currency ISO 4217, for example {@code CNY}
     * @throws io.crmsdk.model.ModelException if there is no such currency
     */
    public static Judge<Money> money(String currency) {
        return new MoneyJudge(Money.currency(currency));
    }

    /** Calendar dates, past or future. */
    public static Judge<LocalDate> date() {
        return new DateJudge("date", false);
    }

    /** Dates of birth: as {@link #date()}, and not after {@link JudgeContext#today()}. */
    public static Judge<LocalDate> birthday() {
        return new DateJudge("birthday", true);
    }

    /**
     * Moments in UTC, from the many writings that one column of a sheet holds: local text, text with an offset of its own, a
     * spreadsheet's day count, seconds or milliseconds since 1970. A date alone is taken as its first moment and flagged with
     * {@link FindingCode#DATE_PRECISION}. What is before 1990 or after tomorrow is refused. For a vendor's field with one
     * declared writing use {@code io.crmsdk.time.TimeConvention}.
     *
     * @param zone where text without an offset was written; stated, never the machine's
     */
    public static Judge<Instant> moment(ZoneId zone) {
        return new MomentJudge(zone);
    }

    /** Membership levels in the usual Chinese words and {@code VIP0} to {@code VIP5}. */
    public static Judge<VipLevel> vip() {
        return new VipJudge(Map.of());
    }

    /**
     * Membership levels in the words of the host, before the usual ones.
     *
     * @param words each of the host's words with its level; width, case and blanks do not matter
     */
    public static Judge<VipLevel> vip(Map<String, VipLevel> words) {
        return new VipJudge(words);
    }

    /**
     * Marketing columns; never null, a blank is {@link OptOut#UNKNOWN}.
     *
     * @param polarity what "yes" means in this column, as its header says
     */
    public static Judge<OptOut> optOut(Polarity polarity) {
        return new OptOutJudge(polarity);
    }

    /** Names of companies; compare them by {@link CompanyName#key}. */
    public static Judge<String> company() {
        return COMPANY;
    }

    /** Names of persons as one text. */
    public static Judge<String> personName() {
        return PERSON_NAME;
    }

    /** Business numbers of any width; a number cell is flagged, since zeros may be lost. */
    public static Judge<String> code() {
        return new CodeJudge("code", 0);
    }

    /**
     * Business numbers of digits, all of one width; lost leading zeros are put back and flagged.
     *
     * @param width number of digits, 1 to 40
     * @throws IllegalArgumentException if the width is out of range
     */
    public static Judge<String> code(int width) {
        if (width < 1 || width > 40) {
            throw new IllegalArgumentException("width is 1 to 40, got " + width);
        }
        return new CodeJudge("code", width);
    }

    /** Postal codes of mainland China: six digits. */
    public static Judge<String> postalCode() {
        return new CodeJudge("postalCode", 6);
    }

    /**
     * Names or codes of administrative divisions of China; a name that several counties bear needs
     * {@link JudgeContext#city()}. One that is not in the table is refused as a suspicion: keep the text elsewhere.
     *
     * @param level which level the column holds
     */
    public static Judge<Division> division(Division.Level level) {
        return new DivisionJudge(level);
    }

    /**
     * Free text in which a dash or "none" means no value, such as an address.
     *
     * @param name name of the judge, used as the field of its findings
     * @param maxCodePoints longest text that is taken
     */
    public static Judge<String> text(String name, int maxCodePoints) {
        return new TextJudge(name, maxCodePoints, true);
    }

    /**
     * Remarks, in which every text is a value.
     *
     * @param name name of the judge, used as the field of its findings
     * @param maxCodePoints longest text that is taken
     */
    public static Judge<String> remark(String name, int maxCodePoints) {
        return new TextJudge(name, maxCodePoints, false);
    }
}
