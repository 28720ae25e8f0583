package io.heddle.reliability;

import java.lang.reflect.Method;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this JVM holds outside its heap for programs. It counts only if it was started with
 * {@code -XX:NativeMemoryTracking=summary}. By reflection, because the module under test does not read java.management.
 */
final class NativeMemory {
    private static final Pattern OTHER = Pattern.compile("Other \\(reserved=(\\d+), committed=\\d+\\)");
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

    private NativeMemory() {}

    /** {@return bytes of all open arenas and direct buffers} */
    static long bytes() {
        Object[] words = {new String[] {"summary", "scale=b"}};
        try {
            String report = (String)
                    INVOKE.invoke(SERVER, COMMANDS, "vmNativeMemory", words, new String[] {"[Ljava.lang.String;"});
            Matcher other = OTHER.matcher(report);
            if (!other.find()) {
                throw new IllegalStateException("this JVM does not count its memory: " + report.strip());
            }
            return Long.parseLong(other.group(1));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
