package dev.rekur.format.keras;

/** Names of weight groups: a class's name in snake case, as {@code keras/src/utils/naming.py} makes it. */
final class SnakeCase {
    private SnakeCase() {}

    /** For example {@code simple_rnn} of {@code SimpleRNN}, {@code re_lu} of {@code ReLU}. */
    static String of(String className) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < className.length(); i++) {
            char c = className.charAt(i);
            if (c == '_' || Character.isLetterOrDigit(c)) {
                word.append(c);
            }
        }
        return separateAcronyms(separateWords(word.toString())).toLowerCase(java.util.Locale.ROOT);
    }

    /** {@code re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)}. */
    private static String separateWords(String name) {
        StringBuilder result = new StringBuilder();
        int i = 0;
        while (i < name.length()) {
            result.append(name.charAt(i));
            if (i + 2 < name.length() && isUpper(name.charAt(i + 1)) && isLower(name.charAt(i + 2))) {
                result.append('_').append(name.charAt(i + 1));
                i += 2;
                while (i < name.length() && isLower(name.charAt(i))) {
                    result.append(name.charAt(i++));
                }
            } else {
                i++;
            }
        }
        return result.toString();
    }

    /** {@code re.sub("([a-z])([A-Z])", r"\1_\2", name)}. */
    private static String separateAcronyms(String name) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            if (i > 0 && isLower(name.charAt(i - 1)) && isUpper(name.charAt(i))) {
                result.append('_');
            }
            result.append(name.charAt(i));
        }
        return result.toString();
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }
}
