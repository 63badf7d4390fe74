package io.crmsdk.consent;

/**
 * A customer, for what a person says of all ways to reach them ("no marketing at all").
 *
 * @param customerId the host's or the registry's id, 1 to 200 characters
 */
public record SubjectKey(String customerId) implements ConsentKey {
    private static final int MAX_LENGTH = 200;

    /** @throws ConsentException {@code INVALID_KEY} if the id is blank, too long or has control characters */
    public SubjectKey {
        if (customerId.isBlank()
                || customerId.length() > MAX_LENGTH
                || customerId.chars().anyMatch(Character::isISOControl)) {
            throw new ConsentException("INVALID_KEY", "subject key: expected a customer id of 1 to 200 characters");
        }
    }
}
