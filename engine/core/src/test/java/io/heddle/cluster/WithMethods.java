package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.Map;

/** Tests the {@code with} methods of options. */
public final class WithMethods {
    private WithMethods() {}

    /**
     * Asserts that each {@code with} method changes its component and no other.
     *
     * @param values another value for each component
     */
    public static void assertEachChangesOneComponent(Record options, Map<String, Object> values)
            throws ReflectiveOperationException {
        RecordComponent[] components = options.getClass().getRecordComponents();
        assertThat(values).hasSameSizeAs(components);
        for (RecordComponent changed : components) {
            String name = changed.getName();
            Object value = values.get(name);
            assertThat(value)
                    .as(name)
                    .isNotNull()
                    .isNotEqualTo(changed.getAccessor().invoke(options));
            String method = "with" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
            Object other =
                    options.getClass().getMethod(method, changed.getType()).invoke(options, value);
            for (RecordComponent component : components) {
                Object expected = component.equals(changed)
                        ? value
                        : component.getAccessor().invoke(options);
                assertThat(component.getAccessor().invoke(other))
                        .as("%s after %s", component.getName(), method)
                        .isEqualTo(expected);
            }
        }
    }
}
