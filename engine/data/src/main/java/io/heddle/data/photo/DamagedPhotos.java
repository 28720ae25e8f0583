package io.heddle.data.photo;

import io.heddle.files.DataFormatException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Collects the errors of damaged photos for one message. Thread-safe. */
final class DamagedPhotos {
    private static final int MAXIMUM_LISTED = 20;

    private final Map<Path, DataFormatException> faults = new TreeMap<>();

    synchronized void add(Path file, DataFormatException fault) {
        faults.put(file, fault);
    }

    synchronized boolean isEmpty() {
        return faults.isEmpty();
    }

    synchronized Set<Path> files() {
        return Set.copyOf(faults.keySet());
    }

    /** @param photos number of all photos */
    synchronized DataFormatException exception(int photos) {
        if (faults.size() == 1) {
            DataFormatException only = faults.values().iterator().next();
            return new DataFormatException(only.getMessage() + " (--skip-damaged leaves it out)", only);
        }
        return new DataFormatException("%d of %d photos cannot be read (--skip-damaged leaves them out): %s%s"
                .formatted(
                        faults.size(),
                        photos,
                        faults.values().stream()
                                .limit(MAXIMUM_LISTED)
                                .map(Throwable::getMessage)
                                .collect(Collectors.joining("; ")),
                        more()));
    }

    /** Returns a line about the photos that are left out. */
    synchronized String leftOut(int photos) {
        return "left out %d of %d photos, which cannot be read: %s%s"
                .formatted(
                        faults.size(),
                        photos,
                        faults.keySet().stream()
                                .limit(MAXIMUM_LISTED)
                                .map(Path::toString)
                                .collect(Collectors.joining(", ")),
                        more());
    }

    private String more() {
        return faults.size() > MAXIMUM_LISTED ? " and %d more".formatted(faults.size() - MAXIMUM_LISTED) : "";
    }
}
