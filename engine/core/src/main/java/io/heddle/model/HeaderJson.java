package io.heddle.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses and writes the JSON of a safetensors header. Accepts objects, arrays, strings and whole numbers of at least 0.
 * Refuses duplicate keys and text after the end. Objects become maps in the order of the file, arrays become lists,
 * numbers become longs.
 */
final class HeaderJson {
    private static final int DEEPEST = 8;

    private final String text;
    private int at;

    private HeaderJson(String text) {
        this.text = text;
    }

    /** A syntax error: a part of a sentence and the position. */
    static final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1L;

        SyntaxException(String what, int at) {
            super("%s at character %d".formatted(what, at));
        }
    }

    static Map<String, Object> parse(String text) throws SyntaxException {
        HeaderJson json = new HeaderJson(text);
        Map<String, Object> map = json.object(0);
        json.skipBlanks();
        if (json.at < text.length()) {
            throw json.fault("more text after the end");
        }
        return map;
    }

    private Object value(int depth) throws SyntaxException {
        if (depth > DEEPEST) {
            throw fault("too many nested levels");
        }
        skipBlanks();
        char c = at < text.length() ? text.charAt(at) : 0;
        return switch (c) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            default -> number();
        };
    }

    private Map<String, Object> object(int depth) throws SyntaxException {
        Map<String, Object> map = new LinkedHashMap<>();
        expect('{');
        skipBlanks();
        if (tryTake('}')) {
            return map;
        }
        do {
            skipBlanks();
            String key = string();
            skipBlanks();
            expect(':');
            if (map.put(key, value(depth + 1)) != null) {
                throw fault("the key \"" + key + "\" twice");
            }
            skipBlanks();
        } while (tryTake(','));
        expect('}');
        return map;
    }

    private List<Object> array(int depth) throws SyntaxException {
        List<Object> list = new ArrayList<>();
        expect('[');
        skipBlanks();
        if (tryTake(']')) {
            return list;
        }
        do {
            list.add(value(depth + 1));
            skipBlanks();
        } while (tryTake(','));
        expect(']');
        return list;
    }

    private Long number() throws SyntaxException {
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        String digits = text.substring(from, at);
        if (digits.isEmpty() || digits.length() > 18 || digits.length() > 1 && digits.charAt(0) == '0') {
            at = from;
            throw fault("a value of a type that headers do not have");
        }
        return Long.valueOf(digits);
    }

    private String string() throws SyntaxException {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return value.toString();
            }
            if (c < 0x20) {
                throw fault("a control character in a string");
            }
            value.append(c == '\\' ? escaped() : c);
        }
        throw fault("a string without an end");
    }

    private char escaped() throws SyntaxException {
        char c = at < text.length() ? text.charAt(at++) : 0;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                String digits = at + 4 <= text.length() ? text.substring(at, at + 4) : "";
                if (!digits.matches("[0-9a-fA-F]{4}")) {
                    throw fault("an escape without four hexadecimal digits");
                }
                at += 4;
                yield (char) Integer.parseInt(digits, 16);
            }
            default -> throw fault("an unknown escape");
        };
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean tryTake(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private void expect(char c) throws SyntaxException {
        if (!tryTake(c)) {
            throw fault("no " + c);
        }
    }

    private SyntaxException fault(String what) {
        return new SyntaxException(what, at);
    }

    /** Returns maps, lists, strings and whole numbers as JSON without blanks. */
    static void write(Object value, StringBuilder to) {
        switch (value) {
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    to.append(separator);
                    quote((String) entry.getKey(), to);
                    to.append(':');
                    write(entry.getValue(), to);
                    separator = ",";
                }
                to.append(map.isEmpty() ? "{}" : "}");
            }
            case List<?> list -> {
                String separator = "[";
                for (Object element : list) {
                    to.append(separator);
                    write(element, to);
                    separator = ",";
                }
                to.append(list.isEmpty() ? "[]" : "]");
            }
            case String text -> quote(text, to);
            default -> to.append(value);
        }
    }

    private static void quote(String text, StringBuilder to) {
        to.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                to.append('\\').append(c);
            } else if (c < 0x20 || Character.isSurrogate(c)) {
                to.append("\\u%04x".formatted((int) c));
            } else {
                to.append(c);
            }
        }
        to.append('"');
    }
}
