package io.heddle.reliability;

import java.lang.reflect.Method;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory outside the heap that this JVM has allocated for programs. It is counted only if the JVM was started with
 * {@code -XX:NativeMemoryTracking=summary}. By reflection, because the module under test does not read java.management.
 */
final class NativeUse {
    private static final Pattern OTHER = Pattern.compile("Other \\(reserved=(\\d+), committed=\\d+\\)");
    private static final Pattern PEAK =
            Pattern.compile("Other \\(reserved.*\\R\\s+\\(malloc=(\\d+)[^)]*\\) \\((?:at peak|peak=(\\d+)[^)]*)\\)");
    private static final Object SERVER;
    private static final Object COMMANDS;
    private static final Method INVOKE;

    static {
        try {
            Class<?> name = Class.forName("javax.management.ObjectName");
            SERVER = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getPlatformMBeanServer")
                    .invoke(null);
            COMMANDS = name.getConstructor(String.class).newInstance("com.sun.management:type=DiagnosticCommand");
            INVOKE = Class.forName("javax.management.MBeanServerConnection")
                    .getMethod("invoke", name, String.class, Object[].class, String[].class);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private NativeUse() {}

    /** {@return the number of classes that are loaded} */
    static long loadedClasses() {
        return ((Number) attribute("java.lang:type=ClassLoading", "LoadedClassCount")).longValue();
    }

    /** {@return bytes of metaspace that are in use} */
    static long metaspace() {
        Object usage = attribute("java.lang:type=MemoryPool,name=Metaspace", "Usage");
        try {
            return (Long) Class.forName("javax.management.openmbean.CompositeData")
                    .getMethod("get", String.class)
                    .invoke(usage, "used");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object attribute(String bean, String name) {
        try {
            Class<?> type = Class.forName("javax.management.ObjectName");
            return Class.forName("javax.management.MBeanServerConnection")
                    .getMethod("getAttribute", type, String.class)
                    .invoke(SERVER, type.getConstructor(String.class).newInstance(bean), name);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return bytes of all open arenas and direct buffers} */
    static long bytes() {
        return Long.parseLong(find(OTHER).group(1));
    }

    /** {@return the maximum of {@link #bytes()} since the start of the JVM} */
    static long peak() {
        Matcher other = find(PEAK);
        return other.group(2) == null ? Long.parseLong(other.group(1)) : Long.parseLong(other.group(2));
    }

    private static Matcher find(Pattern pattern) {
        Object[] words = {new String[] {"summary", "scale=b"}};
        try {
            String report = (String)
                    INVOKE.invoke(SERVER, COMMANDS, "vmNativeMemory", words, new String[] {"[Ljava.lang.String;"});
            Matcher other = pattern.matcher(report);
            if (!other.find()) {
                throw new IllegalStateException("this JVM does not count its memory: " + report.strip());
            }
            return other;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
