package io.heddle.linear;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the off-heap memory that an object still refers to and that is not freed. */
final class LiveMemory {
    private final Set<Object> visited = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<String> found = new ArrayList<>();
    private final List<MemorySegment> segments = new ArrayList<>();
    private final FloatMatrix owned;

    private LiveMemory(FloatMatrix owned) {
        this.owned = owned;
    }

    /**
     * The names of the fields with such memory.
     *
     * @param owned by the test, not counted
     */
    static List<String> of(Object root, FloatMatrix owned) {
        LiveMemory memory = new LiveMemory(owned);
        memory.visit(root, "");
        return memory.found;
    }

    /** That memory, to look at after the object has lost it. */
    static List<MemorySegment> segments(Object root, FloatMatrix owned) {
        LiveMemory memory = new LiveMemory(owned);
        memory.visit(root, "");
        return memory.segments;
    }

    private void visit(Object object, String path) {
        if (object == null || !visited.add(object)) {
            return;
        }
        switch (object) {
            case MemorySegment segment -> {
                if (segment.isNative()
                        && segment.byteSize() > 0
                        && segment.scope().isAlive()
                        && !isOwned(segment)) {
                    found.add(path);
                    segments.add(segment);
                }
            }
            case Object[] elements -> {
                for (Object element : elements) {
                    visit(element, path);
                }
            }
            case Iterable<?> elements -> elements.forEach(element -> visit(element, path));
            case Map<?, ?> map -> map.values().forEach(value -> visit(value, path));
            case WorkerPool pool -> {}
            default -> fields(object, path);
        }
    }

    private boolean isOwned(MemorySegment segment) {
        long from = owned.segment().address();
        return segment.address() >= from
                && segment.address() < from + owned.segment().byteSize();
    }

    private void fields(Object object, String path) {
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            if (!type.getName().startsWith("io.heddle.")) {
                continue;
            }
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    field.setAccessible(true);
                    try {
                        visit(field.get(object), path + "." + field.getName());
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(e);
                    }
                }
            }
        }
    }
}
