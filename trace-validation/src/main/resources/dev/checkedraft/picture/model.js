// What of the page's script is a function of the trace alone: no document, no window. PictureModelTest runs it in Node.

const STATE_FIELDS = [
  "currentTerm", "votedFor", "role", "commitIndex", "votesGranted", "votesRefused", "matchIndex", "stored",
];

/** Which events are rows under a filter; "" lets all pass. */
function filtered(rows, server, action) {
  const shown = [];
  rows.forEach((row, number) => {
    if ((server === "" || row[0] === Number(server)) && (action === "" || row[1] === action)) {
      shown.push(number);
    }
  });
  return shown;
}

/** The place of the last number in a rising list that is not above another; -1 if all are. */
function lastUpTo(list, number) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] <= number) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}

/** The rows to draw of a window of so many pixels, with some to spare above and below. */
function onScreen(count, scrollTop, height, rowHeight) {
  const from = Math.max(0, Math.floor(scrollTop / rowHeight) - 5);
  return [from, Math.max(from, Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + 5))];
}

/** Finds the arrows that cross a stretch of events: each is in the list of every block of events that it crosses. */
class ArrowIndex {
  constructor(arrows, block) {
    this.arrows = arrows;
    this.block = block;
    this.blocks = new Map();
    arrows.forEach(([from, to], number) => {
      const first = from < 0 ? to : from;
      const last = to < 0 ? from : to;
      for (let k = Math.floor(first / block); k <= Math.floor(last / block); k++) {
        if (!this.blocks.has(k)) {
          this.blocks.set(k, []);
        }
        this.blocks.get(k).push(number);
      }
    });
  }

  /** The arrows with a part in the events from one number up to another. */
  crossing(first, last) {
    const found = new Set();
    for (let k = Math.floor(first / this.block); k <= Math.floor(last / this.block); k++) {
      for (const number of this.blocks.get(k) ?? []) {
        const [from, to] = this.arrows[number];
        if ((from < 0 ? to : from) <= last && (to < 0 ? from : to) >= first) {
          found.add(number);
        }
      }
    }
    return [...found].sort((a, b) => a - b).map(number => this.arrows[number]);
  }
}

/** The values that something had, each from an event on. */
class History {
  constructor(value) {
    this.events = [-1];
    this.values = [value];
  }

  set(event, value) {
    if (this.events[this.events.length - 1] === event) {
      this.values[this.values.length - 1] = value;
    } else {
      this.events.push(event);
      this.values.push(value);
    }
  }

  at(event) {
    return this.values[lastUpTo(this.events, event)];
  }
}

/** The servers' states after each event, as far as the trace tells them. It grows with what changed, not with the logs. */
class States {
  constructor(header, events) {
    this.servers = new Map();
    for (const name of header.servers) {
      const server = { fields: new Map(), length: new History(0), entries: [], events: [] };
      this.servers.set(name, server);
      const start = { currentTerm: 0, votedFor: null, role: "Follower", commitIndex: 0 };
      this.take(server, -1, Object.assign(start, (header.initial ?? {})[name]));
    }
    events.forEach((event, number) => {
      const server = this.servers.get(event.node);
      server.events.push(number);
      if (event.event === "Restart") {
        this.take(server, number, { role: "Follower", commitIndex: 0, votesGranted: [], votesRefused: [] });
      } else if (event.event === "StartElection") {
        this.take(server, number, { role: "Candidate" });
      }
      this.take(server, number, event.state ?? {});
    });
  }

  take(server, number, state) {
    for (const name of STATE_FIELDS) {
      if (Object.hasOwn(state, name)) {
        if (!server.fields.has(name)) {
          server.fields.set(name, new History(undefined));
        }
        const history = server.fields.get(name);
        const before = history.at(number);
        const partial = name === "matchIndex" && state[name] !== null && typeof state[name] === "object";
        history.set(number, partial ? Object.assign({}, before, state[name]) : state[name]);
      }
    }
    const log = state.log;
    if (log === undefined || log === null) {
      return;
    }
    if (log.entries !== undefined) {
      log.entries.forEach((entry, k) => this.entry(server, number, log.from + k, entry));
      server.length.set(number, log.from - 1 + log.entries.length);
    } else {
      // Told by its length: what was there above the old length is not known.
      const old = server.length.at(number);
      for (let index = old + 1; index <= log.length && index <= old + 1000; index++) {
        this.entry(server, number, index, null);
      }
      if (log.length > 0 && log.lastTerm !== undefined) {
        this.entry(server, number, log.length, { term: log.lastTerm, value: null });
      }
      server.length.set(number, log.length);
    }
  }

  entry(server, number, index, entry) {
    if (server.entries[index] === undefined) {
      server.entries[index] = new History(undefined);
    }
    server.entries[index].set(number, entry);
  }

  /** A server after an event: its fields, and the last entries of its log; {index, term, value, committed} each. */
  at(name, number, most) {
    const server = this.servers.get(name);
    const fields = {};
    for (const [field, history] of server.fields) {
      const value = history.at(number);
      if (value !== undefined) {
        fields[field] = value;
      }
    }
    const length = server.length.at(number);
    const log = [];
    for (let index = Math.max(1, length - most + 1); index <= length; index++) {
      const entry = server.entries[index]?.at(number);
      log.push({
        index,
        term: entry?.term ?? null,
        value: entry?.value ?? null,
        committed: index <= (fields.commitIndex ?? 0),
      });
    }
    return { fields, length, log };
  }

  /** The last event of a server up to another; -1 if it had none. */
  lastEvent(name, number) {
    const events = this.servers.get(name).events;
    const at = lastUpTo(events, number);
    return at < 0 ? -1 : events[at];
  }
}

if (typeof module !== "undefined") {
  module.exports = { filtered, lastUpTo, onScreen, ArrowIndex, History, States };
}
