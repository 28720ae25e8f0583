package io.heddle.data.photo;

import io.heddle.data.PartedName;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Chooses folder names for classes, whose names may be invalid as folder names, such as T-shirt/top. */
public final class ClassFolders {
    private static final Pattern IMPOSSIBLE = Pattern.compile("[/\\\\:*?\"<>|\\p{Cntrl}]|^\\.|^\\s+|[\\s.]+$");
    /** Device names of Windows. */
    private static final Pattern DEVICE =
            Pattern.compile("(con|prn|aux|nul|com\\d|lpt\\d)(\\..*)?", Pattern.CASE_INSENSITIVE);

    /** File systems allow 255 bytes, and a character may have four. */
    private static final int LONGEST = 60;

    private ClassFolders() {}

    /**
     * Returns a folder name for each class. The names are distinct on every system. None is a name that readers of
     * photos ignore or interpret as a part of the data.
     *
     * @param classes names of the classes
     * @return the folder names, in the order of the classes
     */
    public static List<String> of(List<String> classes) {
        String[] folders = new String[classes.size()];
        Set<String> taken = new HashSet<>();
        // Valid class names are used unchanged and have priority over derived names.
        for (int c = 0; c < folders.length; c++) {
            if (possible(classes.get(c)).equals(classes.get(c)) && taken.add(key(classes.get(c)))) {
                folders[c] = classes.get(c);
            }
        }
        for (int c = 0; c < folders.length; c++) {
            String base = possible(classes.get(c));
            String name = base;
            for (int i = 2; folders[c] == null; i++) {
                folders[c] = taken.add(key(name)) ? name : null;
                name = base + "-" + i;
            }
        }
        return List.of(folders);
    }

    /**
     * Returns the classes whose folder has a different name, by folder. A file next to the folders contains this map.
     */
    public static Map<String, String> renamed(List<String> classes, List<String> folders) {
        Map<String, String> renamed = new LinkedHashMap<>();
        for (int c = 0; c < folders.size(); c++) {
            if (!folders.get(c).equals(classes.get(c))) {
                renamed.put(folders.get(c), classes.get(c));
            }
        }
        return renamed;
    }

    private static String possible(String name) {
        String plain = IMPOSSIBLE.matcher(name).replaceAll("-");
        int[] points = plain.codePoints().limit(LONGEST).toArray();
        if (points.length < plain.codePointCount(0, plain.length())) {
            plain = IMPOSSIBLE.matcher(new String(points, 0, points.length)).replaceAll("-");
        }
        boolean other = plain.isEmpty()
                || DEVICE.matcher(plain).matches()
                || PhotoFiles.isSystem(Path.of(plain))
                || PartedName.Part.ofFolder(plain).isPresent();
        return other ? "class-" + plain : plain;
    }

    /** Returns a key that is equal for two names that are the same folder on some system. */
    private static String key(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }
}
