// Numbers lead to sentences. A link in a reply names a sentence by its element id; nothing here
// slices text or knows offsets.
(() => {
  // Beside the chat the article follows each reply; below it (a phone) only a tap moves the page.
  const beside = () => window.matchMedia("(min-width: 769px)").matches;

  const sentence = (link) => document.getElementById(link.hash.slice(1));

  // What a reply quotes for a number.
  const quote = (link) => {
    const row = link.closest("li") ?? link.closest(".wj-reply")?.querySelector(`li:has(a[href="${link.hash}"])`);
    return row?.querySelector("q");
  };

  // Whether the article says something else by now where a number leads.
  const hasChanged = (link) => {
    const [now, then] = [sentence(link), quote(link)];
    return Boolean(now && then && now.textContent !== then.textContent);
  };

  let marked = []; // the numbers whose sentences are marked

  const clear = () => {
    marked = [];
    document.querySelectorAll(".wj-found").forEach((el) => el.classList.remove("wj-found"));
    document.querySelectorAll(".wj-marked").forEach((el) => {
      el.classList.remove("wj-marked");
      el.textContent = el.textContent; // without the answer's mark
    });
  };

  // A sentence of a document that the pane does not show: asked for, and gone to once it is there.
  let awaited = null;

  const lead = (id, act) => {
    const isThere = document.getElementById(id);
    if (isThere) act();
    if (isThere && !awaited) return;
    // While another document is on its way, this one is asked for behind it: what was clicked last stays.
    awaited = { id, act };
    python.show(id);
  };

  // What the pane shows: the name of the collection, which is empty for the first one, and what the document
  // begins with.
  const place = (article) => {
    const pane = article.querySelector(".wj-pane");
    return { name: pane.dataset.name, first: pane.querySelector(".wj-s")?.id };
  };

  // The pane shows something else than before, or the same anew.
  const shown = (article, before) => {
    const now = place(article);
    const isOther = now.name !== before.name;
    // Gradio changes what stands in the pane and leaves it scrolled as it was.
    if (isOther || now.first !== before.first) article.querySelector(".wj-pane").scrollTop = 0;
    gold(goldPlaces, false);
    const status = document.querySelector("#wj-bridge [data-places]");
    if (status) picking(status);
    if (awaited && document.getElementById(awaited.id)) {
      const { act } = awaited;
      awaited = null;
      act();
    } else if (isOther) {
      markLatest(); // whose number was there before its article, or led into another one with the same ids
    } else markShown(marked, false); // it may be the same article, in the words of the other language
    // The address names the collection, as it names the conversation.
    const url = new URL(location.href);
    if (now.name) url.searchParams.set("in", now.name);
    else url.searchParams.delete("in");
    history.replaceState(history.state, "", url);
    return now;
  };

  const mark = (links, scroll) => {
    const act = () => markShown(links, scroll);
    if (links.length) lead(links[0].hash.slice(1), act);
    else act();
  };

  const latest = () => [...document.querySelectorAll(".wj-reply")].pop();

  const markLatest = () => mark(latest()?.querySelectorAll(".wj-text a.wj-cite") ?? [], beside());

  const markShown = (links, scroll) => {
    clear();
    marked = [...links];
    const found = [...links].map((link) => {
      const [el, changed] = [sentence(link), hasChanged(link)];
      link.classList.toggle("wj-stale", changed);
      if (!el || changed) return null;
      el.classList.add("wj-marked");
      // The quote in the reply has the same text with the answer's words marked.
      const then = quote(link);
      if (then) el.replaceChildren(...[...then.childNodes].map((node) => node.cloneNode(true)));
      return el;
    }).filter(Boolean);
    const target = found[0] ?? document.querySelector(".wj-gold");
    if (target && scroll) scrollTo(target);
  };

  const scrollTo = (target) => {
    const pane = target.closest(".wj-pane");
    if (!beside()) {
      target.scrollIntoView({ block: "center", behavior: "instant" });
      return;
    }
    // Only the pane moves, not the page: the reply stays where it is.
    const offset = target.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTop += offset - pane.clientHeight / 3;
  };

  // A passage that was found: from the sentence that its link names to the one in its class.
  const showPassage = (link) => {
    const first = sentence(link);
    clear();
    const last = [...link.classList].find((name) => name.startsWith("wj-to-")).replace("wj-to-", "");
    const all = [...first.closest("article").querySelectorAll(".wj-s")];
    const until = all.findIndex((el) => el.id.endsWith(`-${last}`));
    all.slice(all.indexOf(first), until + 1).forEach((el) => el.classList.add("wj-found"));
    scrollTo(first);
  };

  // Whoever scrolled up to an earlier reply still sees the new one, with its question, from its beginning.
  const bringIntoChat = (reply) => {
    let box = reply.parentElement;
    while (box.id !== "wj-chat" && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement;
    const offset = reply.getBoundingClientRect().top - box.getBoundingClientRect().top;
    box.scrollTop += offset - box.clientHeight / 4;
  };

  // A question on its way is seen at once.
  const followQuestion = () => {
    const last = [...document.querySelectorAll("#wj-chat :is(.wj-question, .wj-writing, .wj-reply, .wj-failure)")].pop();
    if (last?.matches(".wj-question")) bringIntoChat(last);
  };

  // What Python listens to; its components connect themselves.
  const python = {};

  const isPicking = () => document.body.classList.contains("wj-picking");

  // Titles and headings are no evidence.
  const PICKABLE = ":is(.wj-paragraph, .wj-caption, .wj-item) > .wj-s";

  // While sentences are picked they are buttons, for the mouse and for the keyboard.
  const picking = (status) => {
    const begins = status && !isPicking();
    const picked = new Set(status ? status.dataset.places.split(" ") : []);
    document.body.classList.toggle("wj-picking", Boolean(status));
    document.querySelectorAll(PICKABLE).forEach((el) => {
      el.classList.toggle("wj-picked", picked.has(el.id));
      if (status) {
        el.tabIndex = 0;
        el.setAttribute("role", "button");
        el.setAttribute("aria-pressed", picked.has(el.id));
      } else {
        ["tabindex", "role", "aria-pressed"].forEach((name) => el.removeAttribute(name));
      }
    });
    window.wenju.showUses(); // cited sentences are buttons again
    // On a phone the panel and the article lie below the chat.
    // The panel comes into being just after this is told.
    const show = () => document.getElementById("wj-judging")?.scrollIntoView({ behavior: "instant" });
    if (begins && !beside()) setTimeout(show, 150);
  };

  // The right sentences of an evaluated question, until another question is asked.
  let goldPlaces = null;

  const gold = (places, leads = true) => {
    goldPlaces = places;
    const ids = places ? places.dataset.places.split(" ").filter(Boolean) : [];
    document.querySelectorAll(".wj-s").forEach((el) => el.classList.toggle("wj-gold", ids.includes(el.id)));
    if (leads && ids.length && !document.getElementById(ids[0])) python.show(ids[0]);
  };

  window.wenju = {
    python,
    PICKABLE,
    isPicking,
    hasChanged,
    beside,
    bringIntoChat,
    followQuestion,
    gold,
    shown,
    place,
    showLatest: () => {
      markLatest();
      if (latest()) bringIntoChat(latest());
      window.wenju.seenLatest();
    },
    connect: (listeners) => {
      Object.assign(python, listeners);
    },
    picking,
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.wj-cite, a.wj-near");
    const passage = event.target.closest("a.wj-passage");
    const verdict = event.target.closest(".wj-judge button");
    const picked = isPicking() && event.target.closest(PICKABLE);
    if (link) {
      event.preventDefault();
      mark([link], true);
    } else if (passage) {
      event.preventDefault();
      lead(passage.hash.slice(1), () => showPassage(passage));
    } else if (verdict) {
      const judged = verdict.closest("details");
      judged.open = false;
      const questions = [...document.querySelectorAll("#wj-chat .wj-question")];
      const isBefore = (question) => question.compareDocumentPosition(judged) & Node.DOCUMENT_POSITION_FOLLOWING;
      python.judge(questions.filter(isBefore).length - 1, verdict.className.replace("wj-verdict-", ""));
    } else if (picked) {
      python.pick(picked.id);
    } else if (event.target.closest(".wj-back")) {
      event.preventDefault();
      document.getElementById("wj-chat").scrollIntoView({ block: "start", behavior: "instant" });
    }
  });

  document.addEventListener("keydown", (event) => {
    if (!isPicking() || !event.target.matches?.(PICKABLE) || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    python.pick(event.target.id);
  });
})();
