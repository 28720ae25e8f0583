package io.heddle.cli.report;

/**
 * Where a page comes from.
 *
 * @param version of Heddle
 * @param command what repeats the run
 */
public record Origin(String version, String command) {
    private static final String FASHION_MNIST = "fashion-mnist";

    /** Who made the images, for those that Heddle knows. */
    static String credits(String data) {
        return data.startsWith(FASHION_MNIST) ? "Images: Fashion-MNIST by Zalando Research, MIT License." : "";
    }
}
