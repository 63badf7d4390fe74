package io.crmsdk.house.planted.delivery;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;

/** Shows somebody else's type. */
public final class Showy {
    /** Somebody else's, in a list. */
    public List<JavaClass> shown() {
        return List.of();
    }
}
