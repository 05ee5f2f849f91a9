package dev.checkedraft.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Verdicts as a JUnit report, for what shows test results: a run is a test, a divergence a failure; what is unreadable or
 * undecided is an error.
 */
public final class JUnitXml {
    private JUnitXml() {}

    /**
     * One test and how it ended.
     *
     * @param exit the exit code that the command has for it alone
     * @param text more lines
     */
    public record Case(String name, double seconds, int exit, String line, String text) {
        boolean isFailure() {
            return exit == ExitCode.FAILED;
        }
    }

    public static void write(Path file, List<TraceReport> reports) throws IOException {
        write(
                file,
                "validate",
                reports.stream()
                        .map(report -> new Case(
                                report.name(),
                                report.seconds(),
                                report.exit(),
                                report.line(),
                                report.exit() == ExitCode.OK ? "" : report.explained(false)))
                        .toList());
    }

    /** The same for any command. */
    public static void write(Path file, String command, List<Case> cases) throws IOException {
        WholeFile.write(file, out -> {
            try {
                XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out, "UTF-8");
                write(xml, command, cases);
                xml.close();
            } catch (XMLStreamException e) {
                throw new IOException(file + ": " + e.getMessage(), e);
            }
        });
    }

    private static void write(XMLStreamWriter xml, String command, List<Case> reports) throws XMLStreamException {
        long failures = reports.stream().filter(Case::isFailure).count();
        long passed =
                reports.stream().filter(report -> report.exit() == ExitCode.OK).count();
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeCharacters("\n");
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", "raft " + command);
        xml.writeAttribute("tests", Integer.toString(reports.size()));
        xml.writeAttribute("failures", Long.toString(failures));
        xml.writeAttribute("errors", Long.toString(reports.size() - failures - passed));
        xml.writeAttribute(
                "time", seconds(reports.stream().mapToDouble(Case::seconds).sum()));
        for (Case report : reports) {
            xml.writeCharacters("\n  ");
            xml.writeStartElement("testcase");
            xml.writeAttribute("classname", "raft." + command);
            xml.writeAttribute("name", legal(report.name()));
            xml.writeAttribute("time", seconds(report.seconds()));
            if (report.exit() != ExitCode.OK) {
                xml.writeStartElement(report.isFailure() ? "failure" : "error");
                xml.writeAttribute("message", legal(report.line()));
                xml.writeCharacters(legal(report.text()));
                xml.writeEndElement();
            }
            xml.writeEndElement();
        }
        xml.writeCharacters("\n");
        xml.writeEndElement();
        xml.writeEndDocument();
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.3f", seconds);
    }

    /** The text with a question mark for what XML cannot hold, such as most control characters. */
    private static String legal(String text) {
        StringBuilder legal = new StringBuilder();
        text.codePoints()
                .map(c ->
                        c == '\n' || c == '\t' || (c >= ' ' && !(c >= 0xD800 && c < 0xE000) && c < 0xFFFE) || c > 0xFFFF
                                ? c
                                : '?')
                .forEach(legal::appendCodePoint);
        return legal.toString();
    }
}
