package dev.checkedraft.cli;

import dev.checkedraft.live.LimitReached;
import dev.checkedraft.report.ExitCode;
import dev.checkedraft.report.Problem;
import dev.checkedraft.report.Unwritable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The {@code raft} command: results on standard output, progress and errors on standard error. */
@Command(
        name = "raft",
        description = "A Raft that is checked: its specification, its implementation, and each against the other.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            VerifyCommand.class,
            CheckCommand.class,
            ProveCommand.class,
            SimulateCommand.class,
            ValidateCommand.class,
            RenderCommand.class,
            ExploreCommand.class,
            PlayCommand.class,
            FuzzCommand.class,
            ConformCommand.class,
            PortCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 all holds, 1 something failed, 2 wrong usage or unreadable input,",
            "3 a limit was reached and nothing is decided, 70 a fault of raft itself, or output that cannot be written."
        })
public final class Main {
    private Main() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs a command and returns its exit code, which is never that of a verdict if the command did not come to its end. */
    static int run(String... args) {
        int exit;
        try {
            exit = execute(args);
        } catch (Throwable e) { // whatever it is, the JVM's own exit code for it would read as a verdict
            exit = failed(e);
        }
        if (System.out.checkError()) {
            System.err.println("raft: standard output cannot be written");
            return ExitCode.FAULT;
        }
        return exit;
    }

    private static int execute(String... args) {
        CommandLine command = new CommandLine(new Main());
        ServiceLoader.load(Subcommand.class).forEach(command::addSubcommand);
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.setParameterExceptionHandler((e, line) -> {
            String name = e.getCommandLine().getCommandSpec().qualifiedName();
            System.err.println(
                    "raft: " + oneLine(String.valueOf(e.getMessage())) + " (" + name + " --help tells the options)");
            return ExitCode.USAGE;
        });
        command.setExecutionExceptionHandler((e, line, parsed) -> failed(e));
        if (args.length == 0) {
            command.usage(System.err);
            return ExitCode.USAGE;
        }
        return command.execute(args);
    }

    /** Says why a command did not come to its end; the exit code. */
    public static int failed(Throwable e) {
        if (e instanceof LimitReached) {
            System.err.println("raft: " + e.getMessage());
            return ExitCode.UNDECIDED;
        }
        if (e instanceof Unwritable) {
            System.err.println("raft: " + e.getMessage());
            return ExitCode.FAULT;
        }
        if (isOfInput(e)) {
            System.err.println("raft: " + oneLine(Problem.message(e)));
            return ExitCode.USAGE;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                System.err.println("raft: out of memory (" + cause.getMessage()
                        + "), and nothing is decided: give the JVM more heap, as in RAFT_JAVA_OPTS=-Xmx4g");
                return ExitCode.FAULT;
            }
        }
        System.err.println("raft: a fault of raft itself, please report it:");
        e.printStackTrace();
        return ExitCode.FAULT;
    }

    private static boolean isOfInput(Throwable e) {
        return e instanceof IOException || e instanceof UncheckedIOException || e instanceof IllegalArgumentException;
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}]+", " ");
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
