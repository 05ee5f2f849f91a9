"use strict";
// node runner.js MODEL DATA RUNS SEED: plays the lessons and random schedules with the page's own model, and prints, as a
// line of JSON each, the schedule and the cluster after each decision.
const fs = require("fs");
const [modelFile, dataFile, runs, seed] = process.argv.slice(2);
const Play = require(modelFile);
const data = JSON.parse(fs.readFileSync(dataFile, "utf8"));
const tables = data.worlds.map(Play.table);

let state = Number(seed);
function random(below) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 4294967296) * below);
}

function told(cluster) {
  const nodes = cluster.states.slice(1).map((_, k) => Play.stateText(cluster, k + 1));
  const flight = cluster.packets
    .filter((p) => p.copies > 0)
    .map((p) => `${p.from} ${p.to} ${p.kind} ${p.ordinal} ${Play.messageText(cluster, p)}`);
  return [...nodes, ...flight.sort()].join("\n");
}

function print(kind, schedule, clusters, beyond) {
  console.log(JSON.stringify({ kind, schedule: Play.print(schedule), states: clusters.map(told), beyond }));
}

for (const text of data.lessons) {
  const { schedule } = Play.lesson(text);
  const table = tables.find((t) => t.nodes === schedule.nodes && t.maxEntries === schedule.maxEntries);
  const ran = Play.run(table, schedule.nodes, Play.parse(Play.print(schedule)).decisions);
  print("lesson", schedule, ran.clusters, ran.beyond !== undefined);
}

function decision(cluster) {
  const node = 1 + random(cluster.nodes);
  const other = 1 + ((node + random(cluster.nodes - 1)) % cluster.nodes);
  const packet = cluster.packets[cluster.packets.length - 1 - random(Math.min(6, cluster.packets.length))];
  const about = packet && { from: packet.from, to: packet.to, kind: packet.kind, ordinal: packet.ordinal };
  const verb = random(40);
  if (about && verb < 26) return { verb: "deliver", ...about };
  if (about && verb < 28) return { verb: "drop", ...about };
  if (about && verb < 29) return { verb: "duplicate", ...about };
  if (verb < 30 && node !== other) return { verb: "cut", from: node, to: other };
  if (verb < 31) return { verb: "heal" };
  if (verb < 32) return { verb: "partition", side: [node] };
  if (verb < 33) return { verb: "crash", node };
  if (verb < 35) return { verb: "restart", node };
  if (verb < 37) return { verb: "propose", node, value: "<b>" + random(9) };
  if (verb < 38) return { verb: "heartbeat", node };
  return { verb: "timeout", node };
}

for (let run = 0; run < Number(runs); run++) {
  const table = tables[run % tables.length];
  const clusters = [Play.initial(table.nodes)];
  const decisions = [];
  let beyond = false;
  while (decisions.length < 30 && !beyond) {
    const chosen = decision(clusters[clusters.length - 1]);
    const result = Play.step(table, clusters[clusters.length - 1], chosen);
    if (result.beyond) beyond = true;
    else {
      decisions.push(chosen);
      clusters.push(result.cluster ?? clusters[clusters.length - 1]);
    }
  }
  print("run", { nodes: table.nodes, maxEntries: table.maxEntries, decisions }, clusters, beyond);
}
