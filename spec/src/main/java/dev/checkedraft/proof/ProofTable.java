package dev.checkedraft.proof;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What came of a proof, as a table: a claim a line, an action a column. */
public final class ProofTable {
    private ProofTable() {}

    /** The lines of the table; each cell has seconds, or says that something is not proved. */
    public static List<String> lines(List<Verdict> verdicts) {
        Set<String> columns = new LinkedHashSet<>();
        Map<String, Map<String, List<Verdict>>> rows = new LinkedHashMap<>();
        for (Verdict verdict : verdicts) {
            String column = column(verdict.obligation());
            columns.add(column);
            rows.computeIfAbsent(verdict.obligation().claim(), k -> new LinkedHashMap<>())
                    .computeIfAbsent(column, k -> new ArrayList<>())
                    .add(verdict);
        }
        List<String> lines = new ArrayList<>();
        int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder head = new StringBuilder(" ".repeat(width));
        int number = 0;
        for (String column : columns) {
            lines.add(String.format(Locale.ROOT, "%2d  %s", ++number, column));
            head.append(String.format(Locale.ROOT, "%7d", number));
        }
        lines.add("");
        lines.add(head.toString());
        rows.forEach((claim, cells) -> {
            StringBuilder line = new StringBuilder(claim).append(" ".repeat(width - claim.length()));
            for (String column : columns) {
                line.append(String.format(Locale.ROOT, "%7s", cell(cells.getOrDefault(column, List.of()))));
            }
            lines.add(line.toString());
        });
        return lines;
    }

    private static String column(Obligation obligation) {
        return obligation.action().isEmpty() ? "in one state" : obligation.action();
    }

    private static String cell(List<Verdict> verdicts) {
        if (verdicts.isEmpty()) {
            return "";
        }
        return verdicts.stream().allMatch(Verdict::isProved)
                ? String.format(
                        Locale.ROOT,
                        "%.2f",
                        verdicts.stream().mapToDouble(Verdict::seconds).sum())
                : verdicts.stream().anyMatch(verdict -> verdict.result() == Verdict.Result.OPEN) ? "OPEN" : "LIMIT";
    }
}
