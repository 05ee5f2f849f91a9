package dev.checkedraft.proof;
import java.nio.file.*;
import java.util.*;
final class Lab2 {
  public static void main(String[] a) throws Exception {
    long t0 = System.nanoTime();
    Proof p = Proof.read(Path.of(a[0]), "RaftInduction");
    List<Obligation> all = p.obligations();
    System.out.printf("%d obligations, %.1f s%n", all.size(), (System.nanoTime()-t0)/1e9);
    Set<String> only = a.length > 1 && !a[1].equals("all") ? Set.of(a[1].split(",")) : null;
    Set<String> acts = a.length > 2 && !a[2].equals("all") ? Set.of(a[2].split(",")) : null;
    all = all.stream().filter(o -> (only == null || only.contains(o.claim())) && (acts == null || acts.contains(o.action()) || acts.contains("" + o.step()))).toList();
    for (Obligation o : all) Files.writeString(Path.of("/tmp/pf/smt/" + o.id() + ".smt2"), o.text());
    t0 = System.nanoTime();
    List<Verdict> vs = new Prover(Integer.getInteger("threads", 2), Integer.getInteger("lim", 600000), Integer.getInteger("seed", 0)).prove(all, v -> { if (!v.isProved() || Boolean.getBoolean("v")) System.out.printf("%-40s %-6s %5.2f s %,10d %s%n", v.obligation().id(), v.result(), v.seconds(), v.effort(), v.obligation().goal().replaceAll(":pattern.*","").substring(0, Math.min(100, v.obligation().goal().length()))); });
    System.out.printf("%d of %d proved, %.1f s, hardest %,d%n", vs.stream().filter(Verdict::isProved).count(), vs.size(), (System.nanoTime()-t0)/1e9, vs.stream().filter(Verdict::isProved).mapToLong(Verdict::effort).max().orElse(0));
  }
}
