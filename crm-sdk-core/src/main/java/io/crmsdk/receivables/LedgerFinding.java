package io.crmsdk.receivables;

/**
 * Something in the books that contradicts itself and that a person has to look at; amounts that rest on it are not released.
 *
 * @param kind what the document is
 * @param document its id in its own system
 * @param code {@code NUMBER_TAKEN}: another document has its number; {@code REVISION_CLASH}: it came twice with the same revision and
 *     different content; {@code BALANCE_DIFFERS}: the payments do not leave open what the source says; {@code TARGET_MISSING}: something
 *     is applied to a document that never came; {@code CURRENCY}: something is applied in another currency
 * @param message one sentence with both figures
 */
public record LedgerFinding(DocumentKind kind, String document, String code, String message) {}
