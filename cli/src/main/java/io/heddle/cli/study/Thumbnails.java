package io.heddle.cli.study;

/**
 * Small gray pictures one after another.
 *
 * @param pixels count · width · height bytes, 0 is black; picture {@code i} starts at {@code i · width · height}
 */
public record Thumbnails(int width, int height, int count, byte[] pixels) {
    public Thumbnails {
        if (pixels.length != (long) count * width * height) {
            throw new IllegalArgumentException("%d pictures of %d x %d need %d bytes, not %d"
                    .formatted(count, width, height, (long) count * width * height, pixels.length));
        }
    }
}
