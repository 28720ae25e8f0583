package io.heddle.reliability;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;

/** CPU times. By reflection, because the module under test does not read java.management. */
final class ProcessorTime {
    private static final Object THREADS;
    private static final Object SYSTEM;
    private static final MethodHandle OF_THREAD;
    private static final Method OF_PROCESS;

    static {
        try {
            Class<?> factory = Class.forName("java.lang.management.ManagementFactory");
            THREADS = factory.getMethod("getThreadMXBean").invoke(null);
            OF_THREAD = MethodHandles.publicLookup()
                    .unreflect(
                            Class.forName("java.lang.management.ThreadMXBean").getMethod("getCurrentThreadCpuTime"))
                    .bindTo(THREADS);
            SYSTEM = factory.getMethod("getOperatingSystemMXBean").invoke(null);
            OF_PROCESS =
                    Class.forName("com.sun.management.OperatingSystemMXBean").getMethod("getProcessCpuTime");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private ProcessorTime() {}

    /** {@return nanoseconds of the current thread} */
    static long ofThread() {
        try {
            return (long) OF_THREAD.invoke();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return nanoseconds of all threads of this process} */
    static long ofProcess() {
        try {
            return (long) OF_PROCESS.invoke(SYSTEM);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
