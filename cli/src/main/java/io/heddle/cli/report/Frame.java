package io.heddle.cli.report;

import java.util.List;

/**
 * What every page has around its content.
 *
 * @param title of the page, without Heddle's name
 * @param version of Heddle
 * @param yarns how many of the ten colours the woven band at the top shows
 * @param sections of the page, in order, for the links at the top
 * @param sheets the pictures that the page's small images are cut from
 * @param chartData what the charts and the script draw, as JSON that is safe inside a script element
 * @param credits who made the images, for the foot of the page; may be empty
 */
public record Frame(
        String title,
        String version,
        int yarns,
        List<Section> sections,
        List<Sheet> sheets,
        String chartData,
        String credits) {
    /**
     * A part of the page.
     *
     * @param id of its element
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

    public String chartLibrary() {
        return PageFiles.chartLibrary();
    }
}
