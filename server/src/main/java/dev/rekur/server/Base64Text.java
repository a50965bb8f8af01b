package dev.rekur.server;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** TensorFlow Serving's form for bytes, {@code {"b64": "..."}}; here the bytes of a text in UTF-8. */
final class Base64Text {
    /** The one key of such an object. */
    static final String KEY = "b64";

    private Base64Text() {}

    /** Reads the object whose start the parser stands on. */
    static String read(JsonParser json, ArrayReader reader) {
        json.nextToken();
        return readFromKey(json, reader);
    }

    /** Reads the object whose first key the parser stands on. */
    static String readFromKey(JsonParser json, ArrayReader reader) {
        if (json.currentToken() != JsonToken.PROPERTY_NAME
                || !json.currentName().equals(KEY)) {
            throw reader.unfit(json, "a text or {\"b64\": \"...\"}");
        }
        if (json.nextToken() != JsonToken.VALUE_STRING) {
            throw reader.unfit(json, "base64 in a string");
        }
        String text;
        try {
            byte[] bytes = Base64.getDecoder().decode(json.getString());
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException notBase64) {
            throw reader.unfit(json, "base64");
        } catch (CharacterCodingException notUtf8) {
            throw reader.unfit(json, "base64 of a text in UTF-8");
        }
        if (json.nextToken() != JsonToken.END_OBJECT) {
            throw reader.unfit(json, "nothing but \"b64\" in the object");
        }
        return text;
    }
}
