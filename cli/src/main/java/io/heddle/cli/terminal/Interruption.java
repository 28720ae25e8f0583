package io.heddle.cli.terminal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Supplier;

/**
 * How Ctrl-C and its like end the process: with one sentence on standard error, with the exit code of what is the
 * user's doing, and after everything unfinished has been cleared away by the shutdown hooks of those who write it.
 *
 * <p>Java alone would end with the signal's own code, for nothing that runs while it shuts down can choose another
 * without cutting the others off.
 */
public final class Interruption {
    // Ctrl-C, kill, and the closing of the terminal.
    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    private static volatile Supplier<String> state = () -> "nothing is left half-written";

    private Interruption() {}

    /** Installs the signal handlers. Signals that the parent process ignores stay ignored. */
    public static void watch() {
        try {
            // Looked up by name, for the compiler warns of this class, and no annotation has it be silent.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ignored = handler.getField("SIG_IGN").get(null);
            Object ours = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, words) -> {
                        end();
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
            // Java has been told to leave signals alone, or the system has no such signal.
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java cannot handle signals", e);
        }
    }

    /**
     * Says what an interruption would leave from now on.
     *
     * @param words asked for when it comes: what follows "interrupted; "
     */
    public static void leaves(Supplier<String> words) {
        state = words;
    }

    private static void end() {
        if (Terminal.current().live()) {
            // The line of progress, or the terminal's own ^C, stands there.
            System.err.println();
        }
        System.err.println("heddle: interrupted; " + state.get());
        // This is the last message: other threads may fail now, because their files are gone.
        System.err.close();
        System.exit(Faults.USERS);
    }
}
