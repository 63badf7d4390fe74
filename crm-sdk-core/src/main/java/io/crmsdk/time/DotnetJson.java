package io.crmsdk.time;

import java.time.Instant;
import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /Date(1718094600000+0800)/} of .NET and OData 2. The offset is for display and its unit differs, so it is not read. */
record DotnetJson() implements Form {
    private static final Pattern DATE = Pattern.compile("\\\\?/Date\\((-?[0-9]{1,40})([+-][0-9]{4})?\\)\\\\?/");

    @Override
    public ParsedTime read(String value, InstantSource now) {
        Matcher match = DATE.matcher(value);
        if (!match.matches()) {
            throw TimeException.malformed("/Date(milliseconds)/", value);
        }
        return new ParsedTime.OfInstant(Epoch.moment(match.group(1), 3));
    }

    @Override
    public String write(Instant instant) {
        return "/Date(" + instant.toEpochMilli() + ")/";
    }
}
