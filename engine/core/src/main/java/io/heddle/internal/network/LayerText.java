package io.heddle.internal.network;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.network.Layer.Padding;
import io.heddle.matrix.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes and parses layers as one line of text, separated by semicolons: {@code conv 0 16@3/2 1,1,1,1 relu; max 1 2/2
 * 0,0,0,0; add 2 1}. After the word follow the numbers of the input values, channels@kernel/stride or kernel/stride,
 * and the padding (top, left, bottom, right). A kernel is its side, or height x width: {@code conv 1 16@1x7/1 0,3,0,3}.
 */
public final class LayerText {
    private static final String NUMBER = "(\\d{1,6})";
    private static final String PADDING = "(?: " + String.join(",", List.of(NUMBER, NUMBER, NUMBER, NUMBER)) + ")?";
    private static final String WINDOW = "%1$s(?:x%1$s)?/%1$s".formatted(NUMBER) + PADDING;
    private static final Pattern CONVOLUTION =
            Pattern.compile("conv %1$s %1$s@".formatted(NUMBER) + WINDOW + "( relu)?");
    private static final Pattern POOLING = Pattern.compile("(max|mean|padded-mean) %s ".formatted(NUMBER) + WINDOW);
    private static final Pattern DEPTHWISE = Pattern.compile("depthwise %s ".formatted(NUMBER) + WINDOW + "( relu)?");
    private static final String LIMIT = "(-?(?:\\d{1,9}\\.\\d{1,12}(?:E-?\\d{1,2})?|Infinity))";
    private static final Pattern CLAMP = Pattern.compile("clip %s %s,%s".formatted(NUMBER, LIMIT, LIMIT));
    private static final Pattern PRODUCT = Pattern.compile("mul %1$s %1$s".formatted(NUMBER));
    private static final Pattern ACTIVATION = Pattern.compile("(sigmoid|silu|hard-swish) %s".formatted(NUMBER));
    private static final Pattern LEAKY = Pattern.compile("leaky %s %s".formatted(NUMBER, LIMIT));
    // Possessive, because the stack of the matcher would grow with each number.
    private static final Pattern CONCATENATION = Pattern.compile("concat((?: \\d{1,6})++)");
    private static final Pattern SLICE = Pattern.compile("slice %1$s %1$s %1$s".formatted(NUMBER));
    private static final Pattern SHUFFLE = Pattern.compile("shuffle %1$s %1$s".formatted(NUMBER));
    private static final Pattern BORDER = Pattern.compile("pad %s".formatted(NUMBER) + PADDING + " " + LIMIT);
    private static final Pattern SUM = Pattern.compile("add %1$s(?: %1$s)?( relu)?".formatted(NUMBER));
    private static final Map<String, Layer.Kind> KINDS =
            Map.of("max", Layer.Kind.MAX, "mean", Layer.Kind.MEAN, "padded-mean", Layer.Kind.PADDED_MEAN);
    private static final Map<String, Layer.Curve> CURVES =
            Map.of("sigmoid", Layer.Curve.SIGMOID, "silu", Layer.Curve.SILU, "hard-swish", Layer.Curve.HARD_SWISH);
    private static final int LONGEST = 1 << 18;

    private LayerText() {}

    /**
     * Writes layers in the form that {@link #parse} reads.
     *
     * @throws InvalidInputException if the text is longer than {@link #parse} reads
     */
    public static String of(List<Layer> layers) {
        String text = layers.stream().map(LayerText::of).collect(Collectors.joining("; "));
        requireReadable(text);
        return text;
    }

    private static void requireReadable(String text) {
        require(
                text.length() <= LONGEST,
                "the text of the layers has %d characters, more than %d",
                text.length(),
                LONGEST);
    }

    private static String of(Layer layer) {
        return switch (layer) {
            case Layer.Convolution c ->
                "conv %d %d@%s%s".formatted(c.input(), c.channels(), window(c), relu(c.rectified()));
            case Layer.Pooling p -> "%s %d %s".formatted(word(KINDS, p.kind()), p.input(), window(p));
            case Layer.Depthwise d -> "depthwise %d %s%s".formatted(d.input(), window(d), relu(d.rectified()));
            case Layer.Clamp clamp -> "clip %d %s,%s".formatted(clamp.input(), clamp.minimum(), clamp.maximum());
            case Layer.Product product -> "mul %d %d".formatted(product.first(), product.second());
            case Layer.Sum sum -> "add %s%s".formatted(numbers(sum.inputs()), relu(sum.rectified()));
            case Layer.Activation activation ->
                activation.curve() == Layer.Curve.LEAKY
                        ? "leaky %d %s".formatted(activation.input(), activation.slope())
                        : "%s %d".formatted(word(CURVES, activation.curve()), activation.input());
            case Layer.Concatenation concatenation -> "concat " + numbers(concatenation.inputs());
            case Layer.Slice s -> "slice %d %d %d".formatted(s.input(), s.first(), s.channels());
            case Layer.Shuffle s -> "shuffle %d %d".formatted(s.input(), s.groups());
            case Layer.Border border -> "pad %d%s %s".formatted(border.input(), of(border.padding()), border.value());
        };
    }

    private static String numbers(List<Integer> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private static String window(Layer.Windowed layer) {
        return "%s/%d%s".formatted(layer.kernel(), layer.stride(), of(layer.padding()));
    }

    private static String of(Padding padding) {
        return padding.equals(Padding.NONE)
                ? ""
                : " %d,%d,%d,%d".formatted(padding.top(), padding.left(), padding.bottom(), padding.right());
    }

    private static String relu(boolean rectified) {
        return rectified ? " relu" : "";
    }

    private static <T> String word(Map<String, T> words, T meaning) {
        return words.entrySet().stream()
                .filter(entry -> entry.getValue() == meaning)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /**
     * Parses layers. {@link LayerGraph} checks whether they are valid together.
     *
     * @throws InvalidInputException if the text does not describe layers
     */
    public static List<Layer> parse(String text) {
        requireReadable(text);
        List<Layer> layers = new ArrayList<>();
        for (String one : text.split("; ", -1)) {
            layers.add(layer(one));
        }
        return layers;
    }

    private static Layer layer(String text) {
        Matcher m = CONVOLUTION.matcher(text);
        if (m.matches()) {
            return new Layer.Convolution(
                    number(m, 1), number(m, 2), kernel(m, 3), number(m, 5), padding(m, 6), m.group(10) != null);
        }
        m = POOLING.matcher(text);
        if (m.matches()) {
            return new Layer.Pooling(number(m, 2), KINDS.get(m.group(1)), kernel(m, 3), number(m, 5), padding(m, 6));
        }
        m = DEPTHWISE.matcher(text);
        if (m.matches()) {
            return new Layer.Depthwise(number(m, 1), kernel(m, 2), number(m, 4), padding(m, 5), m.group(9) != null);
        }
        m = CLAMP.matcher(text);
        if (m.matches()) {
            return new Layer.Clamp(number(m, 1), Float.parseFloat(m.group(2)), Float.parseFloat(m.group(3)));
        }
        m = PRODUCT.matcher(text);
        if (m.matches()) {
            return new Layer.Product(number(m, 1), number(m, 2));
        }
        m = ACTIVATION.matcher(text);
        if (m.matches()) {
            return new Layer.Activation(number(m, 2), CURVES.get(m.group(1)), 0);
        }
        m = LEAKY.matcher(text);
        if (m.matches()) {
            return new Layer.Activation(number(m, 1), Layer.Curve.LEAKY, Float.parseFloat(m.group(2)));
        }
        m = CONCATENATION.matcher(text);
        if (m.matches()) {
            return new Layer.Concatenation(Arrays.stream(m.group(1).strip().split(" "))
                    .map(Integer::valueOf)
                    .toList());
        }
        m = SLICE.matcher(text);
        if (m.matches()) {
            return new Layer.Slice(number(m, 1), number(m, 2), number(m, 3));
        }
        m = SHUFFLE.matcher(text);
        if (m.matches()) {
            return new Layer.Shuffle(number(m, 1), number(m, 2));
        }
        m = BORDER.matcher(text);
        if (m.matches()) {
            return new Layer.Border(number(m, 1), padding(m, 2), Float.parseFloat(m.group(6)));
        }
        m = SUM.matcher(text);
        require(m.matches(), "\"%s\" is not a layer, such as conv 0 16@3/2 1,1,1,1 relu", text);
        List<Integer> inputs = m.group(2) == null ? List.of(number(m, 1)) : List.of(number(m, 1), number(m, 2));
        return new Layer.Sum(inputs, m.group(3) != null);
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private static Layer.Kernel kernel(Matcher m, int first) {
        return new Layer.Kernel(number(m, first), number(m, m.group(first + 1) == null ? first : first + 1));
    }

    private static Padding padding(Matcher m, int first) {
        return m.group(first) == null
                ? Padding.NONE
                : new Padding(number(m, first), number(m, first + 1), number(m, first + 2), number(m, first + 3));
    }
}
