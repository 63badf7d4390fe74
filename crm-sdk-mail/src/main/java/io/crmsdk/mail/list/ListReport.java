package io.crmsdk.mail.list;

import org.jspecify.annotations.Nullable;

/**
 * What one run of {@link MailListSync} came to.
 *
 * @param seen members that the tool listed
 * @param optOutsIn opt-outs that the ledger did not know
 * @param suppressed bounces and complaints that were new
 * @param unreadable members under an address that no mail could be sent to, and bounces of nobody; nothing was recorded for them
 * @param optOutsOut members that the tool said yes of and says no of now
 * @param added people who are on the list now and were not known to the tool
 * @param broughtBack people who had left, agreed again, and are on the list now
 * @param leftToPerson people who agreed with us but whom only they themselves can put back at the tool, or whose mails came back
 * @param refused writes that the tool declined, or that did not show when looked at afterwards
 * @param unproven members that the tool mails and of whom the ledger knows neither a yes nor a no; they were left as they are
 * @param held why nothing or not all was written: more would have changed than was expected, or the ledger cannot answer now; null
 *     otherwise
 */
public record ListReport(
        long seen,
        long optOutsIn,
        long suppressed,
        long unreadable,
        long optOutsOut,
        long added,
        long broughtBack,
        long leftToPerson,
        long refused,
        long unproven,
        @Nullable String held) {}
