package dev.checkedraft.cli;

import dev.checkedraft.port.JavaPort;
import dev.checkedraft.port.PortLines;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code raft port}. */
@Command(
        name = "port",
        description = {
            "Speaks the porting protocol with the Java core: reads inputs as JSON lines on stdin and answers each on"
                    + " stdout, until stdin ends (see trace-validation/PORTING.md).",
            "",
            "  ./raft conform -- ./raft port"
        },
        mixinStandardHelpOptions = true)
final class PortCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        new PortLines(JavaPort::new).run(in, out);
        return 0;
    }
}
