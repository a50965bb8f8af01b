package dev.rekur.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code KEY=VALUE} settings of the command line. */
final class KeyValues {
    private KeyValues() {}

    /**
     * Settings separated by commas: {@code monitor=val_loss,patience=5}.
     *
     * @param option the option, for messages
     * @throws UsageException if one is not of this form, or is there twice
     */
    static Map<String, String> parse(String option, String text) {
        return parse(option, List.of(text.split(",", -1)));
    }

    /** Settings one by one. */
    static Map<String, String> parse(String option, List<String> settings) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            String key = equals < 0 ? "" : setting.substring(0, equals).strip();
            if (key.isEmpty()) {
                throw new UsageException(option + ": expected KEY=VALUE, found '" + setting + "'");
            }
            if (values.put(key, setting.substring(equals + 1).strip()) != null) {
                throw new UsageException(option + ": '" + key + "' is there twice");
            }
        }
        return values;
    }
}
