package io.heddle.matrix;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lists the fields of an object, and of the engine's objects that it refers to, whose off-heap memory is not freed. */
public final class OpenMemory {
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<String> open = new ArrayList<>();
    private final List<MemorySegment> segments = new ArrayList<>();

    private final List<MemorySegment> except = new ArrayList<>();

    private OpenMemory() {}

    /**
     * Returns the paths of all open segments off the heap, such as {@code scores.segment}.
     *
     * @param except objects that belong to others; of a matrix its views too
     */
    public static List<String> of(Object owner, Object... except) {
        OpenMemory memory = new OpenMemory();
        memory.leaveOut(except);
        memory.visit("", owner);
        return memory.open;
    }

    /** Returns the open segments themselves, to ask later whether they were freed. */
    public static List<MemorySegment> segments(Object owner, Object... except) {
        OpenMemory memory = new OpenMemory();
        memory.leaveOut(except);
        memory.visit("", owner);
        return memory.segments;
    }

    private void leaveOut(Object... objects) {
        for (Object object : objects) {
            seen.add(object);
            if (object instanceof FloatMatrix matrix) {
                except.add(matrix.segment());
            }
        }
    }

    private static boolean holds(MemorySegment matrix, MemorySegment segment) {
        long from = segment.address() - matrix.address();
        return from >= 0 && from < matrix.byteSize();
    }

    private void visit(String path, Object value) {
        if (value == null || value instanceof Enum || !seen.add(value)) {
            return;
        }
        if (value instanceof MemorySegment segment) {
            // A segment of zero bytes has memory as well.
            if (segment.isNative()
                    && segment.scope().isAlive()
                    && except.stream().noneMatch(m -> holds(m, segment))) {
                open.add(path);
                segments.add(segment);
            }
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(element -> visit(path, element));
        } else if (value instanceof Collection<?> all) {
            all.forEach(element -> visit(path, element));
        } else if (value.getClass().isArray()
                && !value.getClass().componentType().isPrimitive()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                visit(path, Array.get(value, i));
            }
        } else if (value.getClass().getPackageName().startsWith("io.heddle")) {
            for (Class<?> type = value.getClass(); type != Object.class && type != null; type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())) {
                        visit(path.isEmpty() ? field.getName() : path + "." + field.getName(), get(field, value));
                    }
                }
            }
        }
    }

    private static Object get(Field field, Object of) {
        try {
            field.setAccessible(true);
            return field.get(of);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
