// The page: draws the rows on the screen, steps, and tells what an event was. All text from the trace goes in as text.
(function () {
  const ROW = 24;
  const LANE = 100;
  const HEAD = 30;
  const CELLS = 40;
  const SVG = "http://www.w3.org/2000/svg";
  const find = id => document.getElementById(id);

  const data = JSON.parse(find("data").textContent);
  const lines = find("trace").textContent.trim().split("\n");
  const header = JSON.parse(lines[0]);
  const events = lines.slice(1).map(line => JSON.parse(line));
  const { rows, arrows, decisive, textWidth: TEXT } = data;
  if (rows.length === 0) {
    return;
  }
  const index = new ArrowIndex(arrows, 64);
  const states = new States(header, events);
  const roles = header.servers.map(name => [[-1, "Follower", states.at(name, -1, 0).fields.currentTerm, false]]);
  rows.forEach((row, number) => {
    const mine = roles[row[0]];
    const last = mine[mine.length - 1];
    const crash = row.includes("crash", 5);
    if (crash || last[1] !== row[3] || last[2] !== row[4]) {
      mine.push([number, row[3], row[4], crash]);
    }
  });
  const changes = roles.map(mine => mine.map(change => change[0]));

  let shown = filtered(rows, "", "");
  let chosen = decisive >= 0 ? decisive : 0;

  // -------------------------------------------------------------------------------------------------------- drawing

  function svg(tag, attributes, text) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) {
      made.setAttribute(name, value);
    }
    if (text !== undefined) {
      made.textContent = text;
    }
    return made;
  }

  const laneX = lane => TEXT + lane * LANE + LANE / 2;
  const width = TEXT + header.servers.length * LANE + 40;

  /** The height of an event in the picture; of one that is filtered out, that of the next row. */
  function placeY(number) {
    const at = lastUpTo(shown, number);
    return (at >= 0 && shown[at] === number ? at : at + 1) * ROW + ROW / 2;
  }

  function draw() {
    const scroll = find("scroll");
    const [from, to] = onScreen(shown.length, scroll.scrollTop, scroll.clientHeight, ROW);
    const top = from * ROW;
    const picture = svg("svg", { width, height: Math.max(ROW, (to - from) * ROW), class: "picture" });
    picture.style.top = HEAD + top + "px";
    const all = svg("g", { transform: `translate(0 ${-top})` });
    picture.append(all);
    if (to > from) {
      for (let at = from; at < to; at++) {
        band(all, shown[at], at);
      }
      const first = shown[from];
      const last = shown[to - 1];
      header.servers.forEach((name, lane) => drawLane(all, lane, first, last, top, to * ROW));
      for (const arrow of index.crossing(first, last)) {
        drawArrow(all, arrow);
      }
      for (let at = from; at < to; at++) {
        drawRow(all, shown[at], at);
      }
    }
    const old = find("space").querySelector("svg.picture");
    if (old === null) {
      find("space").append(picture);
    } else {
      old.replaceWith(picture);
    }
  }

  function band(all, number, at) {
    const kinds = (number === decisive ? "decisive " : "") + (number === chosen ? "chosen" : "");
    if (kinds !== "") {
      all.append(svg("rect", { class: kinds, x: 0, y: at * ROW, width, height: ROW }));
    }
  }

  function drawLane(all, lane, first, last, top, bottom) {
    let at = Math.max(0, lastUpTo(changes[lane], first - 1));
    let begin = top;
    const x = laneX(lane);
    for (; at < roles[lane].length && roles[lane][at][0] <= last; at++) {
      const [number, role, term] = roles[lane][at];
      const next = roles[lane][at + 1];
      const y = number < first ? top : placeY(number);
      begin = Math.max(top, y);
      let end = bottom;
      if (next !== undefined && next[0] <= last) {
        end = placeY(next[0]) - (next[3] ? ROW : 0);
      }
      if (end > begin) {
        all.append(svg("line", { class: "lane " + role, x1: x, y1: begin, x2: x, y2: end }));
      }
      all.append(svg("text", { class: "role " + role, x: x + 8, y: Math.max(begin + 4, top + 16) }, role + " " + term));
    }
  }

  function drawArrow(all, arrow) {
    const [from, to, fromLane, toLane, type, again] = arrow;
    const x1 = laneX(fromLane);
    const x2 = laneX(toLane);
    const isShown = number => shown.length === rows.length || shown[lastUpTo(shown, number)] === number;
    if ((from >= 0 && !isShown(from)) || (to >= 0 && !isShown(to))) {
      return;
    }
    const kinds = "arrow " + type + (again ? " again" : "") + (from === chosen || to === chosen ? " chosen" : "");
    const add = (kind, a, b, c, d) => all.append(svg("line", { class: kind, x1: a, y1: b, x2: c, y2: d }));
    if (from < 0) {
      add(kinds + " untold", x2 + (x1 - x2) / 3, placeY(to) - ROW / 2, x2, placeY(to));
    } else if (to < 0) {
      const end = x1 + ((x2 - x1) * 2) / 5;
      const y = placeY(from) + ROW / 2;
      add(kinds + " lost", x1, placeY(from), end, y);
      all.append(svg("path", { class: "cross", d: `M${end - 4} ${y - 4}l8 8m0 -8l-8 8` }));
    } else {
      add(kinds, x1, placeY(from), x2, placeY(to));
    }
  }

  function drawRow(all, number, at) {
    const [lane, action, words, role, , ...marks] = rows[number];
    const y = at * ROW + ROW / 2;
    const group = svg("g", { class: "row" });
    group.append(svg("rect", { x: 0, y: at * ROW, width, height: ROW, fill: "transparent" }));
    group.append(svg("circle", { class: "event " + role, cx: laneX(lane), cy: y, r: 5 }));
    const text = svg("text", { x: 4, y: y + 4 });
    text.append(svg("tspan", { class: "number" }, String(number + 1)));
    text.append(` ${header.servers[lane]} ${action} `, svg("tspan", { class: "words" }, words));
    for (let k = 0; k < marks.length; k += 2) {
      text.append(" ", svg("tspan", { class: marks[k] }, marks[k + 1]));
    }
    group.append(text, svg("title", {}, text.textContent));
    group.addEventListener("click", () => choose(number));
    all.append(group);
  }

  // --------------------------------------------------------------------------------------------------------- detail

  function element(tag, text, kind) {
    const made = document.createElement(tag);
    if (text !== undefined) {
      made.textContent = text;
    }
    if (kind) {
      made.className = kind;
    }
    return made;
  }

  function words(value) {
    if (value === null || value === undefined) {
      return "nobody";
    }
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  }

  function table(fields, before) {
    const made = element("table");
    for (const [name, value] of Object.entries(fields)) {
      const old = before === undefined ? undefined : before[name];
      const changed = before !== undefined && JSON.stringify(old) !== JSON.stringify(value);
      const row = element("tr", undefined, changed ? "changed" : "");
      const head = element("th", name);
      head.scope = "row";
      row.append(head, element("td", words(value) + (changed ? `, was ${words(old)}` : "")));
      made.append(row);
    }
    return made;
  }

  function log(state) {
    const list = element("ol", undefined, "log");
    if (state.length > state.log.length) {
      list.append(element("li", `… ${state.length - state.log.length} before`));
    }
    for (const cell of state.log) {
      const text = cell.value === null ? "?" : cell.value === "" ? "no-op" : cell.value;
      const item = element("li", `${cell.index}: ${cell.term ?? "?"} ${text}`, "term" + ((cell.term ?? 0) % 6));
      item.classList.toggle("committed", cell.committed);
      const committed = cell.committed ? "committed" : "not committed";
      item.title = `index ${cell.index}, term ${cell.term ?? "not told"}, ${committed}: ${text}`;
      list.append(item);
    }
    return list;
  }

  function tell() {
    const detail = find("detail");
    const event = events[chosen];
    const marks = rows[chosen].slice(5);
    const parts = [element("h3", `Event ${chosen + 1}: ${event.node} ${event.event}`)];
    const link = element("a", `#e${chosen + 1}`);
    link.href = `#e${chosen + 1}`;
    const place = element("p", "link: ");
    place.append(link);
    parts.push(place);
    for (let k = 0; k < marks.length; k += 2) {
      const line = element("p");
      line.append(element("b", marks[k + 1], marks[k]));
      parts.push(line);
    }
    if (event.value !== undefined) {
      parts.push(table({ value: event.value }));
    }
    if (event.msg) {
      parts.push(element("h3", event.event.startsWith("Send") ? "Message sent" : "Message handled"), table(event.msg));
    }
    if (event.sent) {
      parts.push(element("h3", "Sent"), table(event.sent));
    }
    const others = header.servers.filter(name => name !== event.node);
    for (const name of [event.node, ...others]) {
      const state = states.at(name, chosen, CELLS);
      const before = name === event.node ? states.at(name, chosen - 1, CELLS).fields : undefined;
      parts.push(element("h3", name + (name === event.node ? " after it" : "")));
      if (name === event.node) {
        parts.push(table(state.fields, before));
      } else {
        const fields = state.fields;
        parts.push(element("p", `${fields.role}, term ${fields.currentTerm}, commit index ${fields.commitIndex}`));
      }
      parts.push(log(state));
    }
    detail.replaceChildren(...parts);
  }

  // ------------------------------------------------------------------------------------------------------- stepping

  function choose(number, keepAddress) {
    chosen = number;
    const at = Math.max(0, lastUpTo(shown, number));
    const scroll = find("scroll");
    const y = at * ROW;
    if (y < scroll.scrollTop || y + ROW + HEAD > scroll.scrollTop + scroll.clientHeight) {
      scroll.scrollTop = Math.max(0, y - scroll.clientHeight / 2);
    }
    find("slider").value = String(at + 1);
    find("at").textContent = `${number + 1} of ${rows.length}`;
    find("slider").setAttribute("aria-valuetext", `event ${number + 1} of ${rows.length}`);
    if (!keepAddress) {
      history.replaceState(null, "", `#e${number + 1}`);
    }
    draw();
    tell();
  }

  function step(by) {
    if (shown.length > 0) {
      const at = lastUpTo(shown, chosen) + by;
      choose(shown[Math.max(0, Math.min(shown.length - 1, at))]);
    }
  }

  function filter(keepAddress) {
    shown = filtered(rows, find("server").value, find("kind").value);
    find("space").style.height = HEAD + Math.max(1, shown.length) * ROW + "px";
    find("slider").max = String(Math.max(1, shown.length));
    if (shown.length > 0) {
      choose(shown[Math.max(0, lastUpTo(shown, chosen))], keepAddress);
    } else {
      draw();
    }
  }

  function fromAddress() {
    const found = /^#e(\d+)$/.exec(location.hash);
    const number = found === null ? -1 : Number(found[1]) - 1;
    if (number >= 0 && number < rows.length) {
      choose(number, true);
      return true;
    }
    return false;
  }

  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || ["SELECT", "INPUT"].includes(event.target.tagName)) {
      return;
    }
    const page = Math.max(1, Math.floor(find("scroll").clientHeight / ROW) - 2);
    const steps = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const by = steps[event.key];
    if (by !== undefined) {
      event.preventDefault();
      step(by);
    }
  }

  function options(id, values) {
    for (const [value, text] of values) {
      const option = element("option", text);
      option.value = value;
      find(id).append(option);
    }
  }

  options("server", header.servers.map((name, lane) => [String(lane), name]));
  options("kind", [...new Set(rows.map(row => row[1]))].map(action => [action, action]));
  find("app").hidden = false;
  find("static").hidden = true;
  const head = svg("svg", { class: "head", width, height: HEAD });
  header.servers.forEach((name, lane) => head.append(svg("text", { class: "name", x: laneX(lane), y: 20 }, name)));
  find("space").append(head);
  find("space").style.minWidth = width + "px";
  find("back").addEventListener("click", () => step(-1));
  find("on").addEventListener("click", () => step(1));
  find("slider").addEventListener("input", () => choose(shown[Number(find("slider").value) - 1] ?? chosen));
  find("server").addEventListener("change", () => filter());
  find("kind").addEventListener("change", () => filter());
  find("decisive").hidden = decisive < 0;
  find("decisive").addEventListener("click", () => {
    find("server").value = "";
    find("kind").value = "";
    chosen = decisive;
    filter();
  });
  find("scroll").addEventListener("scroll", () => requestAnimationFrame(draw));
  window.addEventListener("resize", () => requestAnimationFrame(draw));
  window.addEventListener("hashchange", fromAddress);
  document.addEventListener("keydown", key);
  filter(true);
  fromAddress();
})();
