package dev.checkedraft.proof;
import com.microsoft.z3.*;
import dev.checkedraft.proof.Env.Moment;
import java.nio.file.*;
import java.util.*;
final class Lab {
  static final List<String> CONJ = List.of("NewLeader TermLogGrows TermLogWritten CommittedAdded TypeOK MessagesOK HistoryOK BallotTerm OneBallot BallotNow VotesCounted AskMsg AskLog LeaderVotes LeaderLed CandidateNotLed LedElected LogTerms TermLogTerms TermLogOwn LeaderLog AppendMsg AckBound AckNow MatchAcked AckKept VoteUpToDate LaterLeaders CommitCert AppendMsgCommit CommittedLen CommittedCert".split(" "));
  static final Set<String> STEP = Set.of("NewLeader","TermLogGrows","TermLogWritten","CommittedAdded"); static int tot, ok;
  static String check(String text, long rlimit, int seed, long[] used) {
    try (Context c = new Context()) {
      String t = text.replace("(set-logic ALL)\n","").replace("(check-sat)\n","");
      Solver s = (c.mkSimpleSolver()); Params p = c.mkParams(); p.add("mbqi", false); p.add("rlimit", (int) rlimit); p.add("random_seed", seed);
      s.setParameters(p);
      s.add(c.parseSMTLIB2String(t, null, null, null, null));
      Status r = s.check();
      for (Statistics.Entry e : s.getStatistics().getEntries()) if (e.Key.equals("rlimit count")) used[0] = e.getUIntValue();
      return r == Status.UNSATISFIABLE ? "unsat" : r + " " + s.getReasonUnknown();
    }
  }
  public static void main(String[] a) throws Exception {
    SpecTree tree = SpecTree.read(Path.of(a[0]), "RaftInduction");
    Spec spec = new Spec(tree, List.of("TypeOK","MessagesOK","HistoryOK"), Set.of("Agree","Acked","Chosen","LostBy","Ballots"));
    System.out.println(spec.variables());
    Theory theory = spec.theory();
    Path out = Path.of("/tmp/pf/smt"); Files.createDirectories(out);
    List<Step> steps = spec.steps("ProofNext","Next");
    Set<String> only = a.length > 1 && !a[1].equals("all") ? Set.of(a[1].split(",")) : Set.copyOf(CONJ);
    Map<String,List<String>> uses = new HashMap<>();
    for (String l : Files.readAllLines(Path.of("/tmp/pf/uses.txt"))) if (l.contains("=")) uses.put(l.split("=")[0], List.of(l.split("=")[1].trim().split(" +")));
    List<String> after = new ArrayList<>();
    long lim = Long.getLong("lim", 1_000_000);
    for (int n = 0; n < steps.size(); n++) {
      Step st = steps.get(n);
      System.out.println(n + " " + st.action() + " " + st.conditions() + (st.isUndefined() ? " UNDEFINED" : ""));
      if (a.length > 2 && !st.action().equals(a[2])) continue;
      for (String conj : CONJ) {
        if (!only.contains(conj)) continue;
        List<Term> goals = st.isUndefined() ? List.of(Term.FALSE) : NormalForm.clauses(st.translator.formula(tree.definition(conj).getBody(), Env.of(STEP.contains(conj) ? Moment.BEFORE : Moment.AFTER)));
        int g = 0;
        for (Term goal : goals) {
        g++;
        Query q = new Query(st.translator.symbols, theory);
        st.guards().forEach(q::add);
        for (String h : uses.getOrDefault(conj + "@" + n, uses.get(conj))) if (h.startsWith("-")) q.hide(h.substring(1)); else q.add(st.translator.formula(tree.definition(h.replace("'","")).getBody(), Env.of(h.endsWith("'") ? Moment.AFTER : Moment.BEFORE)));
        q.addNegation(goal);
        String text = q.text(spec.kinds);
        Files.writeString(out.resolve(conj + "-" + n + "-" + g + ".smt2"), text);
        long t0 = System.nanoTime(); long[] used = new long[1];
        String r = check(text, lim, 0, used); tot++;
        if (r.equals("unsat")) ok++;
        if (!r.equals("unsat") || Boolean.getBoolean("v")) System.out.printf("   %-16s %d/%d %-10s %6.2f s %,10d  %s%n", conj, g, goals.size(), r.replace("(incomplete quantifiers)","open").replace("UNKNOWN","?").replace("max. resource limit exceeded","limit"), (System.nanoTime()-t0)/1e9, used[0], goal.toString().replaceAll(":pattern.*",""));
        }
      }
    }
    System.out.println(ok + " of " + tot);
  }
}
