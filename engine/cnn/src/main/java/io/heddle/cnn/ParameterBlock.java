package io.heddle.cnn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The trainable parameters of a network in one block of memory, which PyTorch reads and the optimizer changes. */
final class ParameterBlock implements AutoCloseable {
    /**
     * The position of a tensor in the block.
     *
     * @param first number of floats before it
     * @param length number of its floats
     */
    record Slot(String name, int[] shape, int first, int length) {
        /** Returns whether weight decay applies: to matrices and kernels, not to biases and scales. */
        boolean decays() {
            return shape.length > 1;
        }

        long offset() {
            return (long) first * Float.BYTES;
        }

        long bytes() {
            return (long) length * Float.BYTES;
        }
    }

    /** Collects the tensors of a network before memory is allocated for them. */
    static final class Builder {
        private final List<Slot> slots = new ArrayList<>();
        private int floats;

        /** @return the number of the tensor */
        int add(String name, int... shape) {
            int length = 1;
            for (int d : shape) {
                length = Math.multiplyExact(length, d);
            }
            slots.add(new Slot(name, shape, floats, length));
            floats = Math.addExact(floats, length);
            return slots.size() - 1;
        }

        ParameterBlock build() {
            return new ParameterBlock(List.copyOf(slots), floats);
        }
    }

    private static final int ALIGNMENT = 64;

    private final List<Slot> slots;
    private final int floats;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;

    private ParameterBlock(List<Slot> slots, int floats) {
        this.slots = slots;
        this.floats = floats;
        memory = arena.allocate((long) floats * Float.BYTES, ALIGNMENT);
    }

    List<Slot> slots() {
        return slots;
    }

    /** Returns the number of parameters. */
    int floats() {
        return floats;
    }

    /** Returns the position of a tensor. */
    MemorySegment segment(Slot slot) {
        return memory.asSlice(slot.offset(), slot.bytes());
    }

    float get(int i) {
        return memory.get(ValueLayout.JAVA_FLOAT, (long) i * Float.BYTES);
    }

    void set(int i, float value) {
        memory.set(ValueLayout.JAVA_FLOAT, (long) i * Float.BYTES, value);
    }

    /** Sets all numbers of a tensor to one value. */
    void fill(int slot, float value) {
        Slot s = slots.get(slot);
        for (int i = s.first(); i < s.first() + s.length(); i++) {
            set(i, value);
        }
    }

    /** Draws a tensor from the uniform distribution between −1/√fanIn and 1/√fanIn, as PyTorch does by default. */
    void draw(int slot, int fanIn, RandomGenerator random) {
        Slot s = slots.get(slot);
        double bound = 1 / Math.sqrt(fanIn);
        for (int i = s.first(); i < s.first() + s.length(); i++) {
            set(i, (float) random.nextDouble(-bound, bound));
        }
    }

    float[] values(int slot) {
        return segment(slots.get(slot)).toArray(ValueLayout.JAVA_FLOAT);
    }

    /** Returns all tensors by name. */
    Map<String, NamedTensors.Tensor> tensors() {
        Map<String, NamedTensors.Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            tensors.put(slot.name(), new NamedTensors.Tensor(slot.shape(), values(i)));
        }
        return tensors;
    }

    /** Copies the values of a tensor. */
    void load(int slot, float[] values) {
        MemorySegment.copy(
                MemorySegment.ofArray(values),
                0,
                segment(slots.get(slot)),
                0,
                slots.get(slot).bytes());
    }

    @Override
    public void close() {
        arena.close();
    }
}
