package io.crmsdk.mapping;

/** The two lengths of a Salesforce record id: 15 characters that differ by case, and the same with three that say which are upper. */
final class SalesforceId {
    private static final String SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

    private SalesforceId() {}

    /** @throws ConversionFault if the text has neither form or its last three characters contradict the case of the others */
    static String eighteen(String text) {
        String id = text.strip();
        if (!id.matches("[A-Za-z0-9]{15}([A-Z0-5]{3})?")) {
            throw new ConversionFault("MALFORMED", "an id has 15 or 18 letters and digits");
        }
        String full = id.substring(0, 15) + suffix(id);
        if (id.length() == 18 && !id.equals(full)) {
            throw new ConversionFault("CHECKSUM", "the last three characters do not fit the case of the others");
        }
        return full;
    }

    private static String suffix(String id) {
        StringBuilder out = new StringBuilder(3);
        for (int block = 0; block < 3; block++) {
            int upper = 0;
            for (int i = 0; i < 5; i++) {
                if (Character.isUpperCase(id.charAt(block * 5 + i))) {
                    upper |= 1 << i;
                }
            }
            out.append(SUFFIX.charAt(upper));
        }
        return out.toString();
    }
}
