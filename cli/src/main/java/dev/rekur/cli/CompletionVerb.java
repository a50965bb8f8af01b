package dev.rekur.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code rekur completion}: a script with which bash or zsh completes verbs and options. */
@Command(
        name = "completion",
        description = "Prints a completion script for bash and zsh.",
        footer = {
            "%nbash: put this into ~/.bashrc:  source <(rekur completion)",
            "zsh: put this into ~/.zshrc, after compinit:  source <(rekur completion)"
        })
final class CompletionVerb extends Verb {
    CompletionVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run() {
        print(AutoComplete.bash("rekur", CommandRunner.allVerbs(terminal())));
        return CommandRunner.DONE;
    }
}
