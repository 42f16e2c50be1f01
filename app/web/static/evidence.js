// What stands behind a number, seen from both sides: a card over the number, and over a cited sentence
// the replies that cite it. And text of the article that is to be asked about.
(() => {
  const word = (name) => document.getElementById("wj-words").dataset[name];
  const NUMBER = ".wj-reply .wj-cite, .wj-reply .wj-near";
  const CITED = ".wj-s.wj-cited";
  const OPENS = 150; // ms that a mouse rests before the card opens
  const CLOSES = 250; // ms that it may take from the number into the card

  const make = (tag, name, ...children) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.append(...children); // strings become text, never markup
    return made;
  };

  let card = null;
  let owner = null; // what the card belongs to
  let timer = 0;

  const close = (refocus) => {
    clearTimeout(timer);
    if (!card) return;
    const inside = card.contains(document.activeElement);
    card.remove();
    owner.removeAttribute("aria-describedby");
    if (refocus && inside) owner.focus();
    card = owner = null;
  };

  const open = (element, role, ...children) => {
    close(false);
    owner = element;
    card = make("div", "", ...children);
    card.id = "wj-card";
    card.setAttribute("role", role);
    document.querySelector("main").append(card);
    const [at, size] = [element.getClientRects()[0], card.getBoundingClientRect()];
    const below = at.top - size.height - 8 < 0;
    card.style.top = `${below ? at.bottom + 8 : at.top - size.height - 8}px`;
    card.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
    element.setAttribute("aria-describedby", "wj-card");
  };

  // The sentences beside one, unless a heading stands between.
  const neighbour = (sentence, step) => {
    const all = [...sentence.closest("article").querySelectorAll(".wj-s")];
    const found = all[all.indexOf(sentence) + step];
    return found?.matches(wenju.PICKABLE) ? make("span", "", found.textContent) : "";
  };

  const showEvidence = (number) => {
    const rows = [...number.closest(".wj-reply").querySelectorAll(".wj-evidence li")];
    const row = number.closest("li") ?? rows.find((li) => li.firstElementChild.textContent === number.textContent);
    if (!row) return;
    const quote = make("strong", "", ...[...row.querySelector("q").childNodes].map((node) => node.cloneNode(true)));
    const hasChanged = !number.hash || wenju.hasChanged(number);
    const sentence = !hasChanged && document.getElementById(number.hash.slice(1)); // if its document is shown
    const text = sentence ? [neighbour(sentence, -1), quote, neighbour(sentence, 1)] : [quote];
    const section = make("span", "wj-quoted", row.querySelector(".wj-where").textContent);
    const changed = hasChanged ? [" · ", word("changed")] : [];
    open(
      number,
      "tooltip",
      make("p", "wj-card-text", ...text),
      make("p", "wj-card-where", section, ...changed),
    );
    card.querySelector(".wj-card-text").lang = row.querySelector("q").lang;
  };

  // The replies that cite each sentence, by its element id, with their questions.
  const uses = () => {
    const found = new Map();
    let question = null;
    document.querySelectorAll("#wj-chat .wj-question, #wj-chat .wj-reply").forEach((element) => {
      if (element.matches(".wj-question")) question = element;
      element.querySelectorAll(".wj-text a.wj-cite").forEach((link) => {
        const id = link.hash.slice(1);
        const replies = found.get(id) ?? found.set(id, []).get(id);
        if (!replies.some(({ reply }) => reply === element)) replies.push({ reply: element, link, question });
      });
    });
    return found;
  };

  const showUses = () => {
    if (wenju.isPicking()) return; // sentences are other buttons then
    const cited = uses();
    document.querySelectorAll(wenju.PICKABLE).forEach((sentence) => {
      const is = cited.has(sentence.id);
      if (is === sentence.classList.contains("wj-cited") && is === sentence.hasAttribute("role")) return;
      sentence.classList.toggle("wj-cited", is);
      if (is) {
        sentence.tabIndex = 0;
        sentence.setAttribute("role", "button");
      } else ["tabindex", "role"].forEach((name) => sentence.removeAttribute(name));
    });
  };

  const jump = ({ reply, link }) => {
    close(false);
    if (!wenju.beside()) document.getElementById("wj-chat").scrollIntoView({ behavior: "instant" });
    wenju.bringIntoChat(reply);
    link.focus({ preventScroll: true, focusVisible: false });
    reply.classList.add("wj-flash");
    setTimeout(() => reply.classList.remove("wj-flash"), 1500);
  };

  const listUses = (sentence) => {
    const rows = (uses().get(sentence.id) ?? []).map((use) => {
      const button = make("button", "", use.question.innerText);
      button.type = "button";
      button.addEventListener("click", () => jump(use));
      return make("li", "", button);
    });
    if (!rows.length) return;
    open(sentence, "group", make("p", "wj-card-where", word("uses")), make("ul", "", ...rows));
    card.querySelector("button").focus();
  };

  const askAbout = make("button", "");
  askAbout.id = "wj-ask-this";
  askAbout.type = "button";
  askAbout.hidden = true;
  const MOST = 300; // characters of a selection; a question has a limit too

  const selected = () => {
    const selection = getSelection();
    const inside = (node) => node?.parentElement?.closest(".wj-pane");
    if (selection.isCollapsed || !inside(selection.anchorNode) || !inside(selection.focusNode)) return "";
    return selection.toString().replace(/\s+/g, " ").trim();
  };

  const offer = () => {
    const text = selected();
    askAbout.hidden = text.length < 2;
    if (askAbout.hidden) return;
    askAbout.textContent = word("askThis");
    const at = getSelection().getRangeAt(0).getBoundingClientRect();
    const [width, height] = [askAbout.offsetWidth, askAbout.offsetHeight];
    askAbout.style.left = `${Math.max(8, Math.min(at.right - width, innerWidth - width - 8))}px`;
    askAbout.style.top = `${Math.max(8, Math.min(at.bottom + 6, innerHeight - height - 8))}px`;
  };

  askAbout.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
  askAbout.addEventListener("click", () => {
    const text = selected();
    const box = document.querySelector("#wj-question textarea");
    const quoted = `「${text.length > MOST ? `${text.slice(0, MOST)}…` : text}」`;
    box.value = quoted + box.value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    getSelection().removeAllRanges();
    askAbout.hidden = true;
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  });

  const later = (what, wait) => {
    clearTimeout(timer);
    timer = setTimeout(what, wait);
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const number = event.target.closest?.(NUMBER);
    if (number && number !== owner) later(() => number.isConnected && showEvidence(number), OPENS);
    else if (number || card?.contains(event.target)) clearTimeout(timer);
    else if (card?.getAttribute("role") === "tooltip") later(() => close(false), CLOSES);
    else clearTimeout(timer);
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches(NUMBER) && event.target.matches(":focus-visible")) showEvidence(event.target);
    else if (card && !card.contains(event.target) && event.target !== owner) close(false);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target === owner && card.getAttribute("role") === "tooltip") close(false);
  });
  document.addEventListener("scroll", (event) => !card?.contains(event.target) && close(true), true);
  document.addEventListener("click", (event) => {
    if (card?.contains(event.target)) return;
    close(false);
    const sentence = event.target.closest(CITED);
    const stale = event.target.closest(".wj-reply .wj-stale");
    if (stale) showEvidence(stale); // it leads nowhere: that the article has changed is told here
    else if (sentence && !wenju.isPicking() && getSelection().isCollapsed) listUses(sentence);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close(true);
      askAbout.hidden = true;
    } else if (event.target.matches?.(CITED) && !wenju.isPicking() && ["Enter", " "].includes(event.key)) {
      event.preventDefault();
      listUses(event.target);
    }
  });
  let settled = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(settled);
    settled = setTimeout(offer, 200);
  });

  Object.assign(window.wenju, {
    showUses,
    // Called with the article once it is on the page.
    evidence: (article) => {
      document.querySelector("main").append(askAbout); // the pane's own content comes and goes
      const columns = article.closest("#wj-columns"); // the chat may come later than the article
      const changed = () => {
        showUses();
        wenju.followQuestion();
      };
      new MutationObserver(changed).observe(columns, { childList: true, subtree: true });
      showUses();
    },
  });
})();
