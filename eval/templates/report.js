// The list of questions: filtered, shown a hundred at a time, each opened on demand. Everything that a
// record says becomes a text node; nothing here parses HTML.
window.wenjuReport = (() => {
  "use strict";
  const PAGE = 100;
  const states = new WeakMap(); // a root to what is shown in it
  let lists = 0;

  // An element with its class and children; what is no element becomes text, what is null is left out.
  const el = (tag, name, ...children) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
    return node;
  };
  const place = (root, name) => root.querySelector(`[data-wjr="${name}"]`);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name].toLocaleString("en"));
  // A tick or a cross with its meaning; none where nothing was judged.
  const check = (right, yes, no, bad = "wjr-wrong") =>
    right === null ? null : el("span", `wjr-check ${right ? "wjr-right" : bad}`, right ? `✓ ${yes}` : `✗ ${no}`);
  const section = (title, ...body) => (body.flat(Infinity).some(Boolean) ? [el("h4", "wjr-h4", title), ...body] : []);
  const outcome = (row, words) => words.outcomes[row.outcome] ?? "";
  const fixed = (value) => (value === undefined ? "" : value.toFixed(2));

  // The text in pieces, the wanted sentences inside <mark>.
  const marked = (text, wanted) => {
    const pieces = [];
    let rest = text;
    while (rest) {
      const found = wanted.map((w) => [rest.indexOf(w), w]).filter(([at]) => at >= 0);
      // The earliest; of two that begin together the longer.
      found.sort((a, b) => a[0] - b[0] || b[1].length - a[1].length);
      if (!found.length) break;
      const [at, sentence] = found[0];
      pieces.push(rest.slice(0, at), el("mark", "", sentence));
      rest = rest.slice(at + sentence.length);
    }
    return [...pieces, rest];
  };

  const reply = (row, words) => {
    const cited = (row.cited ?? []).map(([number, quote, where, right]) =>
      el("li", "", el("span", "wjr-number", `[${number}]`),
        el("div", "", quote, " ", el("br"), check(right, words.covers, words.covers_not), el("small", "", where))));
    const nearest = (row.nearest ?? []).map(([quote, where]) =>
      el("li", "", el("span", "wjr-soft", "–"), el("div", "", quote, " ", el("small", "", where))));
    return el("div", "wjr-side", el("h3", "wjr-h3", words.reply),
      row.error ? el("p", "wjr-message", `${words.error}: ${row.error}`) : null,
      row.reply ? el("p", "wjr-reply", row.reply) : null,
      section(words.short, row.short ? el("p", "", row.short) : null),
      section(words.cited, cited.length ? el("ol", "wjr-quotes", cited) : row.error ? null : el("p", "wjr-soft", words.nothing)),
      section(words.nearest, nearest.length ? el("ul", "wjr-quotes", nearest) : null),
      section(words.notes, (row.notes ?? []).map((note) => el("p", "wjr-soft", note))));
  };

  const gold = (row, words) => {
    const wanted = (row.wanted ?? []).map(([alternatives, found]) =>
      el("li", "", alternatives.join(` ${words.or_} `), " ",
        check(found ?? null, "", "")));
    // One set suffices: what another one lacks is no fault then.
    const bad = (row.gold ?? []).some((set) => set.every(([, cited]) => cited)) ? "wjr-soft" : "wjr-wrong";
    const sets = (row.gold ?? []).map((set, i) => el("div", "wjr-set", i ? el("p", "wjr-or", words.or_) : null,
      el("ul", "wjr-quotes", set.map(([text, cited, where]) =>
        el("li", "", el("span", "wjr-soft", "–"),
          el("div", "", text, " ", el("br"), check(cited, words.covered, words.covered_not, bad), el("small", "", where)))))));
    const nothing = !(row.answers || row.wanted || row.gold);
    return el("div", "wjr-side", el("h3", "wjr-h3", words.gold),
      nothing ? el("p", "wjr-reply", words.unanswerable) : null,
      section(words.answers, row.answers ? el("p", "", row.answers.join(" / ")) : null),
      section(words.wanted, wanted.length ? el("ul", "", wanted) : null),
      section(words.evidence, sets));
  };

  const passages = (row, data) => {
    const { words } = data;
    const wanted = (row.gold ?? []).flat().map(([text]) => text);
    return (row.hits ?? []).map(([at, ...ranks], i) => {
      const [document_id, passage_id, text] = data.passages[at];
      const pieces = marked(text, wanted);
      const found = Object.values(words.ranks).map((name, r) => (ranks[r] === null ? null : `${name} ${ranks[r]}`));
      return el("li", "", el("div", "wjr-head-line", el("b", "", `${i + 1}`),
        el("small", "", `${document_id} · ${passage_id}`), el("small", "", found.filter(Boolean).join(" · ")),
        pieces.length > 1 ? el("span", "wjr-check wjr-right", `✓ ${words.holds_gold}`) : null),
        el("p", "", pieces));
    });
  };

  const figures = (pairs) => el("p", "wjr-figures", pairs.map(([name, value]) => el("span", "", `${name} `, el("b", "", `${value}`))));

  const panel = (row, data, root) => {
    const { words } = data;
    const turns = (row.history ?? []).map(([role, text]) => el("li", "", el("b", "", words.roles[role]), text));
    const metrics = (row.metrics ?? []).map((value, i) => [data.labels[i], value]).filter(([, value]) => value !== null);
    const hits = passages(row, data);
    const open = el("button", "wjr-button", words.open);
    open.type = "button";
    open.dataset.open = row.id;
    const judged = [row.id, outcome(row, words), row.confidence === undefined ? "" : `${words.confidence} ${row.confidence}`];
    return [
      el("p", "wjr-id", judged.filter(Boolean).join(" · ")),
      turns.length ? el("ul", "wjr-turns", turns) : null,
      el("p", "wjr-ask", row.question),
      root.dataset.open === "true" ? open : null,
      el("div", "wjr-sides", reply(row, words), gold(row, words)),
      section(words.queries, (row.queries ?? []).map((query) => el("p", "", query))),
      section(words.metrics, metrics.length ? figures(metrics) : null),
      section(words.timings, row.timings ? figures(Object.entries(row.timings)) : null),
      section(words.passages, hits.length ? el("ol", "wjr-passages", hits) : null),
    ].flat().filter(Boolean);
  };

  const item = (row, state) => {
    const { words, types } = state.data;
    const toggle = el("button", "wjr-toggle",
      el("span", `wjr-verdict wjr-${row.verdict}`, words.verdicts[row.verdict]), el("span", "wjr-asked", row.question),
      el("span", "", types[row.type]), el("span", "", outcome(row, words)), el("span", "", fixed(row.confidence)),
      el("span", "wjr-id", row.id));
    toggle.type = "button";
    toggle.setAttribute("aria-expanded", "false");
    const node = el("li", "wjr-row", toggle);
    state.rows.set(node, row);
    return node;
  };

  const toggle = (button, state, root) => {
    const node = button.parentElement;
    const opened = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", `${!opened}`);
    let shown = node.querySelector(".wjr-panel");
    if (!shown) {
      shown = el("div", "wjr-panel", panel(state.rows.get(node), state.data, root));
      shown.id = `wjr-panel-${(lists += 1)}`;
      button.setAttribute("aria-controls", shown.id);
      node.append(shown);
    }
    shown.hidden = opened;
  };

  const haystack = (row) =>
    [row.id, row.question, row.reply, row.short, row.error, ...(row.answers ?? [])].filter(Boolean).join("\n").toLowerCase();

  const matches = (row, wanted, state) => {
    if (wanted.verdict === "failures" ? row.verdict === "right" : wanted.verdict && row.verdict !== wanted.verdict) return false;
    if (wanted.type && row.type !== wanted.type) return false;
    if (wanted.outcome && row.outcome !== wanted.outcome) return false;
    if (!wanted.text) return true;
    if (!state.texts.has(row)) state.texts.set(row, haystack(row));
    return wanted.text.split(/\s+/).every((word) => state.texts.get(row).includes(word));
  };

  const more = (root, state) => {
    const next = state.found.slice(state.shown, state.shown + PAGE).map((row) => item(row, state));
    place(root, "list").append(...next);
    state.shown += next.length;
    const left = Math.min(PAGE, state.found.length - state.shown);
    const button = place(root, "more");
    button.hidden = left <= 0;
    button.textContent = fill(state.data.words.more, { n: left });
    place(root, "count").textContent = fill(state.data.words.shown,
      { shown: state.shown, found: state.found.length, all: state.data.rows.length });
    return next[0];
  };

  const filter = (root, state) => {
    const wanted = Object.fromEntries(["verdict", "type", "outcome"].map((name) => [name, place(root, name).value]));
    wanted.text = place(root, "text").value.trim().toLowerCase();
    state.found = state.data.rows.filter((row) => matches(row, wanted, state));
    state.shown = 0;
    place(root, "list").replaceChildren(...(state.found.length ? [] : [el("li", "wjr-none", state.data.words.none)]));
    more(root, state);
  };

  // The root's own elements may be kept and given other contents: listeners look the state up anew.
  const listen = (root) => {
    root.addEventListener("input", (event) => {
      if (event.target.dataset.wjr) filter(root, states.get(root));
    });
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.open) {
        root.dispatchEvent(new CustomEvent("wenju-open", { bubbles: true, detail: { id: button.dataset.open } }));
      } else if (button.dataset.wjr === "more") {
        more(root, states.get(root))?.querySelector("button").focus();
      } else if (button.classList.contains("wjr-toggle")) {
        toggle(button, states.get(root), root);
      }
    });
  };

  // Bring a `.wjr` section to life. Calling it again does nothing, unless it holds another result by now.
  const mount = (root) => {
    const source = place(root, "data").textContent;
    const before = states.get(root);
    if (before && before.source === source && place(root, "list").querySelector(".wjr-row, .wjr-none")) return;
    if (!before) listen(root);
    const state = { source, data: JSON.parse(source), rows: new WeakMap(), texts: new WeakMap(), found: [], shown: 0 };
    states.set(root, state);
    place(root, "text").value = "";
    place(root, "verdict").value = "failures";
    place(root, "type").value = "";
    place(root, "outcome").value = "";
    filter(root, state);
  };

  return { mount };
})();
document.querySelectorAll(".wjr-page .wjr").forEach(window.wenjuReport.mount);
