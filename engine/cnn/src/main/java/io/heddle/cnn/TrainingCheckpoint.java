package io.heddle.cnn;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The state of a training after an epoch. A resumed training gives the same result as an uninterrupted one. */
final class TrainingCheckpoint {
    private static final String FORMAT = "heddle-checkpoint-1";
    private static final String FORMAT_KEY = "format";
    private static final String EPOCHS_DONE = "epochsDone";
    private static final String STEPS = "optimizerSteps";
    private static final String MOMENTS = "optimizer.mean";
    private static final String SQUARES = "optimizer.variance";
    private static final long LARGEST = 1L << 30;

    private TrainingCheckpoint() {}

    /** @param epochs completed epochs */
    static NamedTensors of(TrainingNetwork network, AdamW optimizer, Map<String, String> provenance, int epochs) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(FORMAT_KEY, FORMAT);
        metadata.put(EPOCHS_DONE, Integer.toString(epochs));
        metadata.put(STEPS, Long.toString(optimizer.steps()));
        metadata.putAll(provenance);
        Map<String, NamedTensors.Tensor> tensors =
                new LinkedHashMap<>(network.parameters().tensors());
        tensors.putAll(network.statisticsByName());
        int[] shape = {network.parameters().floats()};
        tensors.put(MOMENTS, new NamedTensors.Tensor(shape, optimizer.mean()));
        tensors.put(SQUARES, new NamedTensors.Tensor(shape, optimizer.variance()));
        return new NamedTensors(metadata, tensors);
    }

    /**
     * @throws InvalidInputException if there is no such file
     * @throws DataFormatException if it is not a complete checkpoint
     */
    static NamedTensors read(Path file) throws IOException {
        InvalidInputException.require(Files.isRegularFile(file), "there is no checkpoint %s to continue from", file);
        if (Files.size(file) > LARGEST) {
            throw new DataFormatException("%s has %d bytes, more than the limit for a checkpoint (%d)"
                    .formatted(file, Files.size(file), LARGEST));
        }
        NamedTensors checkpoint = NamedTensors.parse(Files.readAllBytes(file), file.toString());
        if (!FORMAT.equals(checkpoint.metadata().get(FORMAT_KEY))) {
            throw new DataFormatException("%s is not a checkpoint of a training".formatted(file));
        }
        return checkpoint;
    }

    /** @throws InvalidInputException if the checkpoint is of a different training */
    static void requireSame(NamedTensors checkpoint, Map<String, String> provenance, Path file) {
        provenance.forEach((key, value) -> {
            String before = checkpoint.metadata().get(key);
            InvalidInputException.require(
                    value.equals(before), "%s is of another training: its %s is %s, not %s", file, key, before, value);
        });
    }

    /**
     * Restores network and optimizer from the checkpoint.
     *
     * @return completed epochs
     * @throws DataFormatException if a value is missing or has another shape
     */
    static int load(NamedTensors checkpoint, TrainingNetwork network, AdamW optimizer, Path file) throws IOException {
        List<ParameterBlock.Slot> slots = network.parameters().slots();
        for (int i = 0; i < slots.size(); i++) {
            network.parameters()
                    .load(
                            i,
                            values(checkpoint, slots.get(i).name(), slots.get(i).length(), file));
        }
        for (int i = 0; i < network.layers().size(); i++) {
            int channels = network.layers().get(i).channels();
            network.loadStatistics(
                    i,
                    values(checkpoint, "layers." + i + ".mean", channels, file),
                    values(checkpoint, "layers." + i + ".variance", channels, file));
        }
        int floats = network.parameters().floats();
        optimizer.resume(
                values(checkpoint, MOMENTS, floats, file),
                values(checkpoint, SQUARES, floats, file),
                number(checkpoint, STEPS, file));
        return Math.toIntExact(number(checkpoint, EPOCHS_DONE, file));
    }

    private static float[] values(NamedTensors checkpoint, String name, int length, Path file) throws IOException {
        NamedTensors.Tensor tensor = checkpoint.tensors().get(name);
        if (tensor == null || tensor.values().length != length) {
            throw new DataFormatException("the checkpoint %s has %s numbers in %s, not %d"
                    .formatted(file, tensor == null ? "no" : tensor.values().length, name, length));
        }
        return tensor.values();
    }

    private static long number(NamedTensors checkpoint, String key, Path file) throws IOException {
        String text = checkpoint.metadata().get(key);
        try {
            long number = Long.parseLong(String.valueOf(text));
            if (number >= 0 && number <= Integer.MAX_VALUE) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a value out of range.
        }
        throw new DataFormatException("\"%s\" in the checkpoint %s is %s, not a count".formatted(key, file, text));
    }
}
