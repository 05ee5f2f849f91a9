// Holds the page's model.js to what is said naively: node model-test.js MODEL TRACE DATA. Prints what was compared.
"use strict";
const assert = require("node:assert");
const fs = require("node:fs");

const [modelFile, traceFile, dataFile] = process.argv.slice(2);
const { filtered, lastUpTo, onScreen, ArrowIndex, States } = require(modelFile);
const lines = fs.readFileSync(traceFile, "utf8").trim().split("\n").map(line => JSON.parse(line));
const header = lines[0];
const events = lines.slice(1);
const { rows, arrows } = JSON.parse(fs.readFileSync(dataFile, "utf8"));

assert.deepStrictEqual([0, 1, 2, 3].map(number => lastUpTo([1, 3, 3], number)), [-1, 0, 0, 2]);
assert.strictEqual(lastUpTo([], 5), -1);
assert.deepStrictEqual(onScreen(100000, 24000, 480, 24), [995, 1025]);
assert.deepStrictEqual(onScreen(3, 0, 480, 24), [0, 3]);

// States: each event folded into whole copies.
let compared = 0;
const states = new States(header, events);
const naive = new Map();
for (const name of header.servers) {
  naive.set(name, { role: "Follower", currentTerm: 0, commitIndex: 0, log: [] });
}
events.forEach((event, number) => {
  const server = naive.get(event.node);
  const { log, ...fields } = event.state ?? {};
  for (const field of ["role", "currentTerm", "commitIndex"]) {
    server[field] = fields[field] ?? server[field];
  }
  if (log !== undefined) {
    server.log = server.log.slice(0, log.from - 1).concat(log.entries);
  }
  for (const [name, expected] of naive) {
    const state = states.at(name, number, 1000);
    assert.strictEqual(state.length, expected.log.length, `length of ${name}'s log at ${number}`);
    assert.deepStrictEqual(
      state.log.map(cell => [cell.term, cell.value, cell.committed]),
      expected.log.map((entry, k) => [entry.term, entry.value, k < expected.commitIndex]), `${name}'s log at ${number}`);
    for (const field of ["role", "currentTerm", "commitIndex"]) {
      assert.strictEqual(state.fields[field], expected[field], `${field} of ${name} at ${number}`);
    }
    assert.strictEqual(rows[number][3], naive.get(event.node).role, `the role in row ${number}`);
    compared++;
  }
});

// The arrows that cross a stretch, by looking at all of them.
const index = new ArrowIndex(arrows, 64);
let crossings = 0;
for (let first = 0; first < rows.length; first += 37) {
  const last = Math.min(rows.length - 1, first + 30);
  const expected = arrows.filter(([from, to]) => {
    const ends = [from, to].filter(end => end >= 0);
    return Math.min(...ends) <= last && Math.max(...ends) >= first;
  });
  assert.deepStrictEqual(index.crossing(first, last), expected);
  crossings += expected.length;
}

for (const action of new Set(rows.map(row => row[1]))) {
  header.servers.forEach((name, lane) => {
    const expected = events.flatMap((event, number) => (event.node === name && event.event === action ? [number] : []));
    assert.deepStrictEqual(filtered(rows, String(lane), action), expected);
  });
}
assert.strictEqual(filtered(rows, "", "").length, events.length);
console.log(`${compared} states, ${crossings} crossings`);
