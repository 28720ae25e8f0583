package io.heddle.cli.terminal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Supplier;

/**
 * Handles Ctrl-C and similar signals: prints one sentence on standard error, lets shutdown hooks delete unfinished
 * files, and exits with 128 plus the number of the signal, as shells do: 130 for Ctrl-C.
 *
 * <p>Without this, Java exits with the code of the signal, which shutdown hooks cannot change without stopping the
 * other hooks.
 */
public final class Interruption {
    /** What shells add to the number of a signal. */
    private static final int SIGNALLED = 128;

    // Ctrl-C, kill, and the closing of the terminal.
    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    private static volatile Supplier<String> state = () -> "no unfinished files are left";

    private Interruption() {}

    /** Installs the signal handlers. Signals that the parent process ignores stay ignored. */
    public static void watch() {
        try {
            // Looked up by name, because the compiler's warning about this class cannot be suppressed.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ignored = handler.getField("SIG_IGN").get(null);
            Method number = signal.getMethod("getNumber");
            Object ours = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, words) -> {
                        end(SIGNALLED + (int) number.invoke(words[0]));
                        return null;
                    });
            Method handle = signal.getMethod("handle", signal, handler);
            for (String name : SIGNALS) {
                Object one = signal.getConstructor(String.class).newInstance(name);
                if (handle.invoke(null, one, ours) == ignored) {
                    handle.invoke(null, one, ignored);
                }
            }
        } catch (InvocationTargetException e) {
            // Java was started without signal handling, or the system does not have this signal.
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java cannot handle signals", e);
        }
    }

    /**
     * Sets the description of what an interruption leaves.
     *
     * @param words text after "interrupted; ", computed at the interruption
     */
    public static void leaves(Supplier<String> words) {
        state = words;
    }

    private static void end(int code) {
        if (Terminal.current().live()) {
            // The current line contains progress or the terminal's ^C.
            System.err.println();
        }
        System.err.println("heddle: interrupted; " + state.get());
        // This is the last message, because other threads may fail after their files were deleted.
        System.err.close();
        NativeExit.skipDestructors();
        System.exit(code);
    }
}
