package dev.checkedraft.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The {@code raft} command. */
@Command(
        name = "raft",
        description = "Checks Raft: the spec, the Java core, and traces of any implementation.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
public final class Main implements Runnable {

    /** Runs the command and exits with its code: 0 for success, 2 for wrong usage. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            Package jar = Main.class.getPackage();
            String version = jar == null ? null : jar.getImplementationVersion();
            return new String[] {"Checked Raft " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
