package io.crmsdk.mail.bounce;

/**
 * What one look into a mailbox brought.
 *
 * @param taken mails that were taken
 * @param known of those, how many had been taken before
 * @param unmatched of those, how many are about nothing that was sent
 * @param failed mails that could not be taken and stay where they are
 */
public record MailboxPoll(int taken, int known, int unmatched, int failed) {}
