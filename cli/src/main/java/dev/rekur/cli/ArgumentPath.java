package dev.rekur.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A path on the command line. */
final class ArgumentPath implements ITypeConverter<Path> {
    @Override
    public Path convert(String word) {
        try {
            return Path.of(word);
        } catch (InvalidPathException invalid) {
            throw new TypeConversionException("'" + word + "' is not a path" + reason(invalid));
        }
    }

    private static String reason(InvalidPathException invalid) {
        return invalid.getReason().contains("unmappable")
                ? " in the encoding of the locale, " + System.getProperty("sun.jnu.encoding")
                        + "; set LC_ALL to a locale that has its characters, C.UTF-8 say"
                : ": " + invalid.getReason();
    }

    /**
     * The path.
     *
     * @throws UsageException if the word is none
     */
    static Path of(String word) {
        try {
            return new ArgumentPath().convert(word);
        } catch (TypeConversionException invalid) {
            throw new UsageException(String.valueOf(invalid.getMessage()), invalid);
        }
    }
}
