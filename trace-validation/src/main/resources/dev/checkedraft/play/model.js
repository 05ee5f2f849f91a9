"use strict";
// The cluster of a page: which servers are up, which links work, what is in flight. What a server does is not in here: it is
// looked up in the table that the Java core made. A state of a server and a message are words, as Form.java says.
const Play = (() => {
  const KINDS = { RV: "RequestVote", RVR: "RequestVoteResponse", AE: "AppendEntries", AER: "AppendEntriesResponse" };

  const name = (node) => "n" + node;

  function permutations(items) {
    if (items.length === 0) return [[]];
    return items.flatMap((item) => permutations(items.filter((x) => x !== item)).map((rest) => [item, ...rest]));
  }

  // ---- words ------------------------------------------------------------------------------------------------------------

  // A state of a server with the servers' numbers in place of places in an order.
  function readState(words, order) {
    const [term, vote, role, commit, peers, ...log] = words.split(" ");
    const known = {};
    peers.split(",").forEach((peer, k) => (known[order[k + 1]] = peer));
    return { term: +term, vote: vote === "-" ? 0 : order[+vote], role, commit: +commit, peers: known, log: readLog(log.join(" ")) };
  }

  function readLog(words) {
    return words === "" ? [] : words.split(",").map((e) => ({ term: parseInt(e, 10), noOp: e.endsWith("-") }));
  }

  const logWords = (log) => log.map((e) => e.term + (e.noOp ? "-" : "")).join(",");

  function stateWords(s, order) {
    const vote = s.vote === 0 ? "-" : order.indexOf(s.vote);
    const peers = order.slice(1).map((peer) => s.peers[peer]).join(",");
    return `${s.term} ${vote} ${s.role} ${s.commit} ${peers} ${logWords(s.log)}`;
  }

  // A message: its kind, the server at the other end, and its other words.
  function messageWords(m, other, order) {
    return `${m.code} ${order.indexOf(other)} ${m.rest}`;
  }

  function readMessage(words, from, order) {
    const [code, to, ...rest] = words.split(" ");
    return { code, kind: KINDS[code], from, to: order[+to], rest: rest.join(" ") };
  }

  // ---- the table --------------------------------------------------------------------------------------------------------

  // From state to input to [next state, messages sent ...], all in words.
  function table(world) {
    const found = new Map();
    const allowed = new Map();
    for (const [state, actions, ...steps] of world.steps) {
      const inputs = new Map();
      allowed.set(world.words[state], actions);
      for (const [input, ...rest] of steps) inputs.set(world.words[input], rest.map((k) => world.words[k]));
      found.set(world.words[state], inputs);
    }
    return { nodes: world.nodes, maxEntries: world.maxEntries, steps: found, allowed };
  }

  // Of the orders in which a server's peers can be told, the one whose words come first: the table has only that.
  function firstWords(nodes, node, state, input) {
    const peers = [];
    for (let k = 1; k <= nodes; k++) if (k !== node) peers.push(k);
    let best = null;
    for (const rest of permutations(peers)) {
      const order = [node, ...rest];
      const words = stateWords(state, order);
      const inputWords = typeof input === "string" ? input : messageWords(input, input.from, order);
      const both = words + "|" + inputWords;
      if (best === null || both < best.both) best = { both, words, inputWords, order };
    }
    return best;
  }

  // The actions of Raft.tla that are enabled for a server: those of its own as the table has them, null where it does not
  // know; and the handler of every message that was ever sent to it, for the spec takes none away.
  function allowed(tableOf, cluster, node) {
    const own = tableOf.allowed.get(firstWords(cluster.nodes, node, cluster.states[node], "").words);
    if (own === undefined) return null;
    const actions = [];
    if (own & 1) actions.push("StartElection");
    if (own & 2) actions.push("Propose");
    if (cluster.states[node].role === "L") actions.push("SendAppendEntries");
    for (const p of cluster.packets) if (p.to === node && !actions.includes(action(p))) actions.push(action(p));
    return [...actions, "Restart"];
  }

  // What the core does with an input: timeout, heartbeat, propose, restart or a message. Null where the table has no such step.
  function localStep(steps, nodes, node, state, input) {
    const best = firstWords(nodes, node, state, input);
    const row = steps.get(best.words)?.get(best.inputWords);
    if (!row) return null;
    return {
      state: readState(row[0], best.order),
      sent: row.slice(1).map((words) => readMessage(words, node, best.order)),
    };
  }

  // ---- schedules --------------------------------------------------------------------------------------------------------

  function parse(text) {
    const schedule = { nodes: 0, maxEntries: 16, decisions: [], lines: [] };
    text.split(/\r?\n/).forEach((line, k) => {
      const words = line.replace(/#.*/, "").trim().split(/\s+/);
      if (words[0] === "") return;
      const fail = (why) => {
        throw new Error(`line ${k + 1}: ${why}`);
      };
      if (words[0] === "nodes") schedule.nodes = +words[1];
      else if (words[0] === "max-entries") schedule.maxEntries = +words[1];
      else if (["election-timeout", "heartbeat-interval", "seed"].includes(words[0])) return;
      else {
        schedule.decisions.push(decision(words, schedule.nodes, fail));
        schedule.lines.push(k);
      }
    });
    return schedule;
  }

  function decision(words, nodes, fail) {
    const [verb, ...args] = words;
    const node = (k) => {
      const number = /^n[1-9]$/.test(args[k] ?? "") ? +args[k].slice(1) : 0;
      return number >= 1 && number <= nodes ? number : fail(`a node is expected, not "${args[k] ?? ""}"`);
    };
    const end = (count) => args.length > count && fail(`unexpected "${args[count]}"`);
    switch (verb) {
      case "timeout":
      case "heartbeat":
      case "crash":
      case "restart":
        end(1);
        return { verb, node: node(0) };
      case "propose":
        end(2);
        return args[1] ? { verb, node: node(0), value: args[1] } : fail("a value is missing");
      case "deliver":
      case "drop":
      case "duplicate": {
        end(4);
        const kind = args[2] ?? null;
        if (kind !== null && !Object.values(KINDS).includes(kind)) fail(`no kind of message is called "${kind}"`);
        const ordinal = args[3] === undefined ? 0 : Number(args[3]);
        if (!Number.isInteger(ordinal)) fail(`a number is expected, not "${args[3]}"`);
        return { verb, from: node(0), to: node(1), kind, ordinal };
      }
      case "cut":
        end(2);
        return { verb, from: node(0), to: node(1) };
      case "heal":
        if (args.length === 0) return { verb };
        end(2);
        return { verb, from: node(0), to: node(1) };
      case "partition":
        return { verb, side: args.map((_, k) => node(k)) };
      default:
        return fail(`this page has no decision "${verb}"`);
    }
  }

  function decisionText(d) {
    switch (d.verb) {
      case "propose":
        return `propose ${name(d.node)} ${d.value}`;
      case "deliver":
      case "drop":
      case "duplicate":
        return `${d.verb} ${name(d.from)} ${name(d.to)}` + (d.kind ? ` ${d.kind}` + (d.ordinal ? ` ${d.ordinal}` : "") : "");
      case "cut":
        return `cut ${name(d.from)} ${name(d.to)}`;
      case "heal":
        return d.from ? `heal ${name(d.from)} ${name(d.to)}` : "heal";
      case "partition":
        return "partition " + d.side.map(name).join(" ");
      default:
        return `${d.verb} ${name(d.node)}`;
    }
  }

  function print(schedule) {
    const head = `nodes ${schedule.nodes}\nelection-timeout 10 20\nheartbeat-interval 3\nmax-entries ${schedule.maxEntries}\nseed 1\n`;
    return head + schedule.decisions.map((d) => decisionText(d) + "\n").join("");
  }

  // A lesson's file: a schedule whose comments are the words for the reader.
  function lesson(text) {
    const schedule = parse(text);
    const result = { title: "", steps: [], tries: [], schedule };
    let next = 0;
    text.split(/\r?\n/).forEach((line, k) => {
      if (line.startsWith("#=")) result.title = line.slice(2).trim();
      else if (line.startsWith("#>")) result.steps.push({ text: line.slice(2).trim(), decisions: [] });
      else if (line.startsWith("#?")) result.tries.push(line.slice(2).trim());
      if (schedule.lines[next] === k) result.steps[result.steps.length - 1].decisions.push(schedule.decisions[next++]);
    });
    return result;
  }

  // ---- the cluster ------------------------------------------------------------------------------------------------------

  function initial(nodes) {
    const states = [null];
    for (let node = 1; node <= nodes; node++) {
      const peers = {};
      for (let peer = 1; peer <= nodes; peer++) if (peer !== node) peers[peer] = ".";
      states.push({ term: 0, vote: 0, role: "F", commit: 0, peers, log: [] });
    }
    return { nodes, states, up: states.map((s) => s !== null), packets: [], cut: new Set(), values: new Map() };
  }

  const isCut = (cluster, from, to) => cluster.cut.has(from + ">" + to);

  // The packet that a decision is about: in flight or not, if it is named by number.
  function find(cluster, d) {
    const link = cluster.packets.filter((p) => p.from === d.from && p.to === d.to && (!d.kind || p.kind === d.kind));
    if (!d.kind || d.ordinal === 0) return link.find((p) => p.copies > 0) ?? null;
    return link[d.ordinal > 0 ? d.ordinal - 1 : link.length + d.ordinal] ?? null;
  }

  const withCopies = (cluster, packet, copies) => ({
    ...cluster,
    packets: cluster.packets.map((p) => (p === packet ? { ...p, copies } : p)),
  });

  function withCut(cluster, links, cuts) {
    const cut = new Set(cluster.cut);
    for (const [from, to] of links) {
      if (from === to) continue;
      if (cuts) cut.add(from + ">" + to);
      else cut.delete(from + ">" + to);
    }
    return cut.size === cluster.cut.size ? null : { ...cluster, cut };
  }

  function between(cluster, side) {
    const links = [];
    for (let from = 1; from <= cluster.nodes; from++)
      for (let to = 1; to <= cluster.nodes; to++) if (side.includes(from) !== side.includes(to)) links.push([from, to]);
    return links;
  }

  function withUp(cluster, node, isUp) {
    const up = [...cluster.up];
    up[node] = isUp;
    return { ...cluster, up };
  }

  // Carries out a decision: { cluster } after it; { skipped } if it does not apply; { beyond } if the table has no such step.
  function step(tableOf, cluster, d) {
    const skipped = { skipped: true };
    const changed = (after) => (after === null ? skipped : { cluster: after });
    switch (d.verb) {
      case "drop": {
        const packet = find(cluster, d);
        return packet && packet.copies > 0 ? changed(withCopies(cluster, packet, packet.copies - 1)) : skipped;
      }
      case "duplicate": {
        const packet = find(cluster, d);
        return packet ? changed(withCopies(cluster, packet, packet.copies + 1)) : skipped;
      }
      case "cut":
        return changed(withCut(cluster, [[d.from, d.to]], true));
      case "heal":
        return changed(d.from ? withCut(cluster, [[d.from, d.to]], false) : cluster.cut.size === 0 ? null : { ...cluster, cut: new Set() });
      case "partition":
        return changed(withCut(cluster, between(cluster, d.side), true));
      case "crash":
        return cluster.up[d.node] ? changed(withUp(cluster, d.node, false)) : skipped;
      case "restart":
        return cluster.up[d.node] ? skipped : input(tableOf, withUp(cluster, d.node, true), d.node, "restart", null);
      case "deliver": {
        const packet = find(cluster, d);
        if (!packet || isCut(cluster, d.from, d.to) || !cluster.up[d.to]) return skipped;
        return input(tableOf, withCopies(cluster, packet, Math.max(0, packet.copies - 1)), d.to, packet, null);
      }
      default: {
        const leads = cluster.states[d.node].role === "L";
        if (!cluster.up[d.node] || leads !== (d.verb !== "timeout")) return skipped;
        return input(tableOf, cluster, d.node, d.verb, d.value ?? null);
      }
    }
  }

  function input(tableOf, cluster, node, what, value) {
    const taken = localStep(tableOf.steps, cluster.nodes, node, cluster.states[node], what);
    if (taken === null) return { beyond: true };
    const states = [...cluster.states];
    states[node] = taken.state;
    const packets = [...cluster.packets];
    for (const message of taken.sent) {
      const ordinal = 1 + packets.filter((p) => p.from === message.from && p.to === message.to && p.kind === message.kind).length;
      packets.push({ ...message, ordinal, copies: 1 });
    }
    let values = cluster.values;
    if (value !== null) {
      // One leader a term, whose log only grows: index and term say which value.
      values = new Map(values).set(taken.state.log.length + "/" + taken.state.term, value);
    }
    return { cluster: { ...cluster, states, packets, values }, sent: taken.sent, action: action(what) };
  }

  // The action of Raft.tla that an input is.
  function action(what) {
    if (typeof what !== "string") return "Handle" + what.kind;
    return { timeout: "StartElection", heartbeat: "SendAppendEntries", propose: "Propose", restart: "Restart" }[what];
  }

  // Runs decisions from the start: the clusters after each, and where and why it ended early, if it did.
  function run(tableOf, nodes, decisions) {
    const clusters = [initial(nodes)];
    for (let k = 0; k < decisions.length; k++) {
      const result = step(tableOf, clusters[k], decisions[k]);
      if (result.beyond) return { clusters, beyond: k };
      clusters.push(result.cluster ?? clusters[k]);
    }
    return { clusters };
  }

  // ---- for a reader -----------------------------------------------------------------------------------------------------

  const ROLES = { F: "Follower", C: "Candidate", L: "Leader" };

  function entryText(cluster, entry, index) {
    return `${entry.term}:${entry.noOp ? "no-op" : cluster.values.get(index + "/" + entry.term)}`;
  }

  function stateText(cluster, node) {
    if (!cluster.up[node]) return `${name(node)} is down`;
    const s = cluster.states[node];
    const log = s.log.map((e, k) => entryText(cluster, e, k + 1)).join(" ");
    return `${name(node)} ${ROLES[s.role]}, term ${s.term}, vote ${s.vote ? name(s.vote) : "nobody"}, log [${log}], commit index ${s.commit}`;
  }

  // What a message says beside its kind and ends.
  function messageText(cluster, m) {
    const w = m.rest.split(" ");
    switch (m.code) {
      case "RV":
        return `term ${w[0]}, log ends ${w[1]}/${w[2]}`;
      case "RVR":
        return `term ${w[0]}, ${w[1] === "true" ? "granted" : "refused"}`;
      case "AE": {
        const log = readLog(w[4] ?? "").map((e, k) => entryText(cluster, e, +w[1] + k + 1)).join(" ");
        return `term ${w[0]}, after ${w[1]}/${w[2]} [${log}], commit index ${w[3]}`;
      }
      default:
        return `term ${w[0]}, ${w[1] === "true" ? "matches up to" : "refused after"} ${w[2]}`;
    }
  }

  return { table, parse, print, decisionText, lesson, initial, step, run, allowed, isCut, stateText, messageText, entryText, action, name, ROLES };
})();
if (typeof module !== "undefined") module.exports = Play;
