package io.heddle.cli.report;

import java.util.List;

/**
 * The common parts of all pages.
 *
 * @param title title of the page, without Heddle's name
 * @param version version of Heddle
 * @param bandColours number of colours of the band at the top
 * @param sections sections of the page, in order, for the links at the top
 * @param sheets the pictures that contain the page's small images
 * @param chartData data of the charts, as JSON that is safe inside a script element
 * @param credits authors of the images, for the footer; may be empty
 */
public record Frame(
        String title,
        String version,
        int bandColours,
        List<Section> sections,
        List<Sheet> sheets,
        String chartData,
        String credits) {
    /**
     * A section of the page.
     *
     * @param id id of its element
     */
    public record Section(String id, String title) {}

    public String policy() {
        return PageFiles.policy();
    }

    public String style() {
        return PageFiles.style();
    }

    public String script() {
        return PageFiles.script();
    }
}
