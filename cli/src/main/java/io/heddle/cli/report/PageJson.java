package io.heddle.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes JSON inside pages. */
final class PageJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PageJson() {}

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static ArrayNode array() {
        return JSON.createArrayNode();
    }

    static ArrayNode integers(int[] values) {
        ArrayNode array = JSON.createArrayNode();
        for (int v : values) {
            array.add(v);
        }
        return array;
    }

    static double round(double value, double scale) {
        return Math.round(value * scale) / scale;
    }

    /** Returns text that is safe inside a script element. */
    static String text(ObjectNode root) {
        try {
            // An end tag inside a text would close the element.
            return JSON.writeValueAsString(root).replace("<", "\\u003c");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
