"use strict";
// The page: it shows a cluster and takes decisions. All text goes in as text, none as HTML.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const tables = data.worlds.map(Play.table);
  const lessons = data.lessons.map(Play.lesson);
  const byId = (id) => document.getElementById(id);

  let lesson = null; // null for a schedule of the reader's own
  let table = tables[0];
  let schedule = { nodes: 3, maxEntries: 16, decisions: [] };
  let clusters = [];
  let told = "";
  let last = null; // the action of the last step
  let value = 0;

  const cluster = () => clusters[clusters.length - 1];

  function element(tag, text, attributes) {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    Object.entries(attributes ?? {}).forEach(([key, each]) => made.setAttribute(key, each));
    return made;
  }

  function button(text, label, decision) {
    const made = element("button", text, { type: "button", "aria-label": label });
    const result = Play.step(table, cluster(), decision);
    made.disabled = Boolean(result.skipped);
    if (result.beyond) made.title = "beyond what this page holds";
    made.addEventListener("click", () => decide([decision]));
    return made;
  }

  // ---- decisions ----------------------------------------------------------------------------------------------------------

  function begin(nodes, maxEntries, decisions) {
    const found = tables.find((each) => each.nodes === nodes && each.maxEntries === maxEntries);
    if (!found) {
      told = `This page holds no cluster of ${nodes} servers with ${maxEntries} entries a message.`;
      byId("told").textContent = told;
      return;
    }
    table = found;
    schedule = { nodes, maxEntries, decisions: [] };
    clusters = [Play.initial(nodes)];
    told = "";
    last = null;
    decide(decisions);
  }

  function decide(decisions) {
    told = "";
    for (const decision of decisions) {
      const result = Play.step(table, cluster(), decision);
      if (result.beyond) {
        told = `${Play.decisionText(decision)}: beyond what this page holds. Undo, or try something else; ./raft simulate --schedule takes any schedule.`;
        break;
      }
      if (result.skipped) {
        told = `${Play.decisionText(decision)}: does not apply.`;
        continue;
      }
      schedule.decisions.push(decision);
      clusters.push(result.cluster);
      last = result.action ?? null;
      told = Play.decisionText(decision) + (result.action ? `: ${result.action}` : "");
    }
    show();
  }

  function undo(count) {
    const kept = schedule.decisions.slice(0, Math.max(0, schedule.decisions.length - count));
    begin(schedule.nodes, schedule.maxEntries, kept);
  }

  // How many of the lesson's steps the schedule holds; -1 once the reader has gone another way.
  function place() {
    const done = schedule.decisions.map(Play.decisionText);
    let at = 0;
    for (let k = 0; k < lesson.steps.length; k++) {
      if (at === done.length) return k;
      for (const decision of lesson.steps[k].decisions) if (done[at++] !== Play.decisionText(decision)) return -1;
    }
    return at === done.length ? lesson.steps.length : -1;
  }

  function next() {
    const k = lesson ? place() : -1;
    if (k >= 0 && k < lesson.steps.length) decide(lesson.steps[k].decisions);
  }

  // ---- what is shown ------------------------------------------------------------------------------------------------------

  function words() {
    if (!lesson) return schedule.decisions.length ? "Your own schedule." : "Your own schedule: time a server out to begin.";
    const k = place();
    if (k < 0) return "You are on your own way. Undo leads back to the lesson.";
    if (k < lesson.steps.length) return `${k + 1} of ${lesson.steps.length}: ${lesson.steps[k].text}`;
    return "The lesson is over. Try next: " + lesson.tries.join(" ");
  }

  function server(node) {
    const state = cluster().states[node];
    const up = cluster().up[node];
    const role = up ? Play.ROLES[state.role] : "down";
    const box = element("article", "", { class: `server ${up ? state.role : "down"}`, "aria-label": Play.stateText(cluster(), node) });
    box.append(element("h3", `${Play.name(node)} \u00b7 ${role} \u00b7 term ${state.term}`));
    box.append(element("p", `voted for ${state.vote ? Play.name(state.vote) : "nobody"} \u00b7 commit index ${up ? state.commit : "lost"}`));
    const peers = Object.entries(state.peers).map(([peer, p]) => {
      if (state.role === "L") return `${Play.name(peer)} ${p.replace(":", ", next ")}`;
      if (p === "b") return `${Play.name(peer)} granted, later refused`;
      return p === "g" ? `${Play.name(peer)} granted` : p === "r" ? `${Play.name(peer)} refused` : "";
    });
    const known = up ? peers.filter(Boolean).join("; ") : "";
    box.append(element("p", known ? (state.role === "L" ? "matches: " : "votes: ") + known : "\u00a0"));
    const log = element("ol", "", { class: "log", "aria-label": "log" });
    state.log.forEach((entry, k) => {
      const committed = up && k < state.commit;
      const text = Play.entryText(cluster(), entry, k + 1);
      log.append(element("li", text, { class: `term${entry.term}${committed ? " committed" : ""}`, "aria-label": text + (committed ? ", committed" : "") }));
    });
    box.append(log);
    const row = element("div", "", { class: "row" });
    const who = Play.name(node);
    row.append(button("Time out", `time out ${who}`, { verb: "timeout", node }));
    row.append(button("Propose", `propose a value to ${who}`, { verb: "propose", node, value: "v" + (value + 1) }));
    row.append(button("Heartbeat", `heartbeat of ${who}`, { verb: "heartbeat", node }));
    row.append(up ? button("Crash", `crash ${who}`, { verb: "crash", node }) : button("Restart", `restart ${who}`, { verb: "restart", node }));
    row.append(button("Cut off", `cut all links of ${who}`, { verb: "partition", side: [node] }));
    box.append(row, element("p", allowed(node)), links(node));
    return box;
  }

  function allowed(node) {
    if (!cluster().up[node]) return "down: to the spec, a crash and the restart are one step, Restart";
    const actions = Play.allowed(table, cluster(), node);
    return actions === null ? "this page does not hold what the spec allows here" : "the spec allows: " + actions.join(", ");
  }

  function links(node) {
    const row = element("details");
    row.append(element("summary", "Links"));
    for (let to = 1; to <= schedule.nodes; to++) {
      if (to === node) continue;
      const cut = Play.isCut(cluster(), node, to);
      const verb = cut ? "heal" : "cut";
      row.append(button(`${cut ? "Heal" : "Cut"} to ${Play.name(to)}`, `${verb} the link from ${Play.name(node)} to ${Play.name(to)}`, { verb, from: node, to }));
    }
    return row;
  }

  function message(packet) {
    const about = { from: packet.from, to: packet.to, kind: packet.kind, ordinal: packet.ordinal };
    const blocked = Play.isCut(cluster(), packet.from, packet.to) ? " (link cut)" : !cluster().up[packet.to] ? " (receiver down)" : "";
    const text = `${Play.name(packet.from)} \u2192 ${Play.name(packet.to)} ${packet.kind} ${packet.ordinal}: ${Play.messageText(cluster(), packet)}`;
    const item = element("li");
    item.append(element("span", text + (packet.copies > 1 ? ` \u00d7${packet.copies}` : "") + blocked));
    item.append(button(packet.copies ? "Deliver" : "Deliver again", "deliver " + text, { verb: "deliver", ...about }));
    if (packet.copies) item.append(button("Lose", "lose " + text, { verb: "drop", ...about }));
    item.append(button("Repeat", "repeat " + text, { verb: "duplicate", ...about }));
    return item;
  }

  function show() {
    if (clusters.length === 0) return;
    const focused = document.activeElement?.getAttribute?.("aria-label");
    const open = [...document.querySelectorAll(".server details")].map((each) => each.open);
    value = schedule.decisions.filter((d) => d.verb === "propose").length;
    byId("words").textContent = words();
    byId("told").textContent = told;
    const k = lesson ? place() : -1;
    byId("next").disabled = k < 0 || k >= lesson.steps.length;
    byId("undo").disabled = schedule.decisions.length === 0;
    byId("heal").disabled = cluster().cut.size === 0;
    const servers = cluster().states.slice(1).map((_, each) => server(each + 1));
    byId("servers").replaceChildren(...servers);
    document.querySelectorAll(".server details").forEach((each, at) => (each.open = open[at] ?? false));
    const flying = cluster().packets.filter((p) => p.copies > 0);
    byId("flight").replaceChildren(...(flying.length ? flying.map(message) : [element("li", "None.")]));
    byId("past").replaceChildren(...cluster().packets.filter((p) => p.copies === 0).map(message));
    const action = last && data.spec[last];
    byId("spec-name").textContent = action ? `${last}, Raft.tla from line ${action.line}` : "No server took a step.";
    byId("spec-text").textContent = action ? action.text : "";
    const text = Play.print(schedule);
    byId("text").value = text;
    history.replaceState(null, "", "#" + encodeURIComponent(text));
    if (focused) [...document.querySelectorAll("button")].find((each) => each.getAttribute("aria-label") === focused)?.focus();
  }

  // ---- the page's own buttons -----------------------------------------------------------------------------------------------

  function choose(k) {
    lesson = lessons[k] ?? null;
    byId("lessons").value = String(lesson ? k : -1);
    begin(lesson ? lesson.schedule.nodes : 3, lesson ? lesson.schedule.maxEntries : 16, []);
  }

  // Whether a schedule is a lesson as far as it goes.
  function begins(each, read) {
    const whole = each.schedule;
    return (
      read.decisions.length > 0 &&
      whole.nodes === read.nodes &&
      whole.maxEntries === read.maxEntries &&
      read.decisions.every((d, k) => whole.decisions[k] && Play.decisionText(d) === Play.decisionText(whole.decisions[k]))
    );
  }

  function load(text) {
    try {
      const read = Play.parse(text);
      lesson = lessons.find((each) => begins(each, read)) ?? null;
      byId("lessons").value = String(lessons.indexOf(lesson));
      begin(read.nodes, read.maxEntries, read.decisions);
    } catch (e) {
      byId("told").textContent = e.message;
    }
  }

  function save() {
    const link = element("a", "", { download: "play.schedule", href: URL.createObjectURL(new Blob([Play.print(schedule)], { type: "text/plain" })) });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  lessons.forEach((each, k) => byId("lessons").append(element("option", each.title, { value: k })));
  byId("lessons").append(element("option", "Your own schedule", { value: -1 }));
  byId("lessons").addEventListener("change", (e) => choose(Number(e.target.value)));
  byId("next").addEventListener("click", next);
  byId("undo").addEventListener("click", () => undo(1));
  byId("again").addEventListener("click", () => undo(schedule.decisions.length));
  byId("heal").addEventListener("click", () => decide([{ verb: "heal" }]));
  byId("load").addEventListener("click", () => load(byId("text").value));
  byId("save").addEventListener("click", save);
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || ["TEXTAREA", "SELECT", "INPUT"].includes(e.target.tagName)) return;
    if (e.key === "n") next();
    else if (e.key === "u" && schedule.decisions.length) undo(1);
  });
  let given = "";
  try {
    given = decodeURIComponent(location.hash.slice(1));
  } catch (e) {
    byId("told").textContent = "the address holds no schedule";
  }
  choose(0);
  if (given) load(given);
})();
