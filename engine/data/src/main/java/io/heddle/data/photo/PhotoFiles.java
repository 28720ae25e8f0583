package io.heddle.data.photo;

import io.heddle.data.Labels;
import io.heddle.data.PartedName.Part;
import io.heddle.data.rows.ClassNames;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The photos in a folder and its sub-folders. Files and folders of systems and programs are ignored: hidden ones,
 * previews, trash folders.
 *
 * @param folder the searched folder
 * @param files sorted by path, so that the order of rows is the same on every machine
 * @param others number of ignored files by extension; broken links are counted under {@value #BROKEN_LINK}
 */
record PhotoFiles(Path folder, List<Path> files, Map<String, Integer> others) {
    private static final Set<String> SYSTEM = Set.of(
            "@eadir",
            "@recycle",
            "@tmp",
            "@__thumb",
            "#recycle",
            "#snapshot",
            "__macosx",
            "__pycache__",
            "$recycle.bin",
            "system volume information",
            "lost+found",
            "thumbs.db",
            "ehthumbs.db",
            "desktop.ini",
            "icon\r",
            ClassNames.ENTRY);

    private static final int MAXIMUM_LISTED = 8;

    /** Extensions contain no slash. */
    private static final String BROKEN_LINK = "/";

    static PhotoFiles in(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        Map<String, Integer> others = new TreeMap<>();
        Files.walkFileTree(
                folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                        return !path.equals(folder) && isSystem(path)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                        if (isSystem(path)) {
                            return FileVisitResult.CONTINUE;
                        }
                        if (attributes.isSymbolicLink()) {
                            // Links are followed, so this one has no target.
                            others.merge(BROKEN_LINK, 1, Integer::sum);
                        } else if (attributes.isRegularFile()) {
                            if (PhotoFormat.hasEnding(path)) {
                                files.add(path);
                            } else {
                                others.merge(PhotoFormat.ending(path), 1, Integer::sum);
                            }
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
                        // Links to a parent folder are ignored.
                        if (e instanceof FileSystemLoopException || isSystem(path) || Files.isSymbolicLink(path)) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw e;
                    }
                });
        files.sort(Comparator.comparing(p -> folder.relativize(p).toString()));
        return new PhotoFiles(folder, files, others);
    }

    /** Returns whether a file or folder is hidden or belongs to the system. */
    static boolean isSystem(Path path) {
        String name = path.getFileName().toString();
        return name.startsWith(".") || SYSTEM.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Returns whether the ignored files are tables in text. */
    boolean hasTables() {
        return others.containsKey("csv") || others.containsKey("tsv");
    }

    /** Reports the ignored files, if there are any. */
    void tellOthers(Consumer<String> log) {
        if (others.isEmpty()) {
            return;
        }
        String kinds = others.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(MAXIMUM_LISTED)
                .map(kind -> kind.getValue() + kind(kind.getKey(), kind.getValue()))
                .collect(Collectors.joining(", "));
        log.accept("%s: left out %d file%s that Heddle does not read as photos (%s%s)"
                .formatted(
                        folder,
                        others.values().stream().mapToInt(Integer::intValue).sum(),
                        others.values().stream().mapToInt(Integer::intValue).sum() == 1 ? "" : "s",
                        kinds,
                        others.size() > MAXIMUM_LISTED ? ", …" : ""));
    }

    private static String kind(String ending, int count) {
        return switch (ending) {
            case "" -> " without ending";
            case BROKEN_LINK -> count == 1 ? " broken link" : " broken links";
            default -> " ." + ending;
        };
    }

    /**
     * Returns the folders of training, validation and test images, if all photos are in such folders, or if two of them
     * contain folders of their own.
     *
     * @return the folders; empty if the sub-folders are classes, or there are none
     */
    Map<Part, Path> parts() {
        Map<Part, Path> parts = new EnumMap<>(Part.class);
        Set<Part> nested = EnumSet.noneOf(Part.class);
        boolean beside = false;
        for (Path file : files) {
            Path relative = folder.relativize(file);
            Optional<Part> part = relative.getNameCount() < 2
                    ? Optional.empty()
                    : Part.ofFolder(relative.getName(0).toString());
            if (part.isEmpty()) {
                beside = true;
                continue;
            }
            parts.putIfAbsent(part.get(), folder.resolve(relative.getName(0)));
            if (relative.getNameCount() > 2) {
                nested.add(part.get());
            }
        }
        // A folder train next to other folders may contain photos of trains. Folders train and test with classes in
        // both are parts, whatever is next to them.
        boolean split = beside
                ? nested.contains(Part.TRAIN) && nested.size() > 1
                : parts.containsKey(Part.TRAIN) && (parts.size() > 1 || !nested.isEmpty());
        return split ? parts : Map.of();
    }

    /**
     * Returns the photos of a part.
     *
     * @throws DataFormatException if there is no such part
     */
    PhotoFiles part(Part part) throws DataFormatException {
        Map<Part, Path> parts = parts();
        if (parts.isEmpty() || part != Part.ALL && !parts.containsKey(part)) {
            throw new DataFormatException("%s has no part '%s': its sub-folders are %s"
                    .formatted(folder, part.text(), Labels.list(subfolders())));
        }
        if (part == Part.ALL) {
            return new PhotoFiles(
                    folder,
                    files.stream()
                            .filter(f -> parts.values().stream().anyMatch(f::startsWith))
                            .toList(),
                    others);
        }
        Path own = parts.get(part);
        return new PhotoFiles(own, files.stream().filter(f -> f.startsWith(own)).toList(), others);
    }

    private List<String> subfolders() {
        Set<String> names = new TreeSet<>();
        for (Path file : files) {
            Path relative = folder.relativize(file);
            if (relative.getNameCount() > 1) {
                names.add(relative.getName(0).toString());
            }
        }
        return names.isEmpty() ? List.of("none") : List.copyOf(names);
    }
}
