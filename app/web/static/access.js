// What a screen reader is told: the page's language, names for Gradio's own controls, each reply once, a wait.
(() => {
  const word = (name) => document.getElementById("wj-words").dataset[name];
  const name = (selector, text) => document.querySelector(selector)?.setAttribute("aria-label", text);

  // Gradio calls a component's script before the page holds it, or the others.
  const whenOnPage = (ids, act) =>
    ids.every((id) => document.getElementById(id)) ? act() : requestAnimationFrame(() => whenOnPage(ids, act));

  const told = document.createElement("div");
  told.className = "wj-told";
  told.setAttribute("role", "status");

  // Gradio names its parts in the browser's language, not in the page's, and each message by its markup.
  const nameParts = () => {
    document.querySelectorAll("#wj-chat [data-testid][aria-label]").forEach((el) => el.removeAttribute("aria-label"));
    name("#wj-chat [role=log]", word("chat"));
    name("#wj-chat .icon-button", word("clear"));
    name(".wj-pane", word("article"));
    name("#wj-question textarea", word("question")); // its label holds the button, too
    const clear = document.querySelector("#wj-chat .icon-button");
    if (clear) clear.title = word("clear");
    // The whole chat is drawn anew with each reply; what is new in it is told below.
    document.querySelector("#wj-chat [role=log]")?.setAttribute("aria-live", "off");
  };

  // The language that was switched to holds for the next visit, once its conversation is there.
  const KEPT = "wenju-language";
  const comeBack = () => {
    const kept = localStorage.getItem(KEPT);
    if (kept && kept !== word("lang")) document.getElementById("wj-switch").click();
  };

  let watched = false;
  // Called when the page's words are there, and when they are those of the other language.
  const speak = () => {
    document.documentElement.lang = word("lang");
    document.getElementById("wj-switch").lang = word("lang") === "en" ? "zh-CN" : "en";
    document.querySelector("main").append(told);
    nameParts();
    if (watched) {
      localStorage.setItem(KEPT, word("lang"));
      return;
    }
    watched = true;
    const changed = () => {
      nameParts();
      tellWaiting();
    };
    new MutationObserver(changed).observe(document.getElementById("wj-columns"), { childList: true, subtree: true });
  };

  const tell = (name) => told.replaceChildren(word(name));

  // Of a reply that does not come at once it is told, once, that it is being written.
  const SILENT = 1000; // milliseconds
  let waiting = 0;
  const tellWaiting = () => {
    const last = [...document.querySelectorAll("#wj-chat :is(.wj-question, .wj-writing, .wj-reply, .wj-failure)")].pop();
    if (last?.matches(".wj-question, .wj-writing")) waiting ||= setTimeout(tell, SILENT, "writing");
    else waiting = clearTimeout(waiting);
  };

  // A reply with all that stands below it, which tells it from the same words said earlier.
  let known = "";
  const latest = () => [...document.querySelectorAll("#wj-chat :is(.wj-reply, .wj-failure)")].pop();
  const whole = (reply) => (reply?.matches(".wj-reply") ? reply.parentElement.textContent : "");

  const tellLatest = () => {
    const reply = latest();
    if (!whole(reply) || whole(reply) === known) return; // a question that was turned down, or failed
    const text = reply.querySelector(".wj-text");
    const badge = reply.querySelector(".wj-badge")?.textContent;
    const said = document.createElement("span");
    said.lang = text.lang;
    said.append(...[...text.childNodes].map((node) => node.cloneNode(true)));
    told.replaceChildren(badge ? `${badge}. ` : "", said);
    // Its numbers are links; they are reached in the reply itself.
    told.querySelectorAll("a").forEach((link) => link.replaceWith(link.textContent));
  };

  // In Safari the Enter that takes over what was typed in pinyin comes after the composition; its code tells.
  const isComposing = (event) => event.isComposing || event.keyCode === 229;

  Object.assign(window.wenju, {
    whenOnPage,
    isComposing,
    comeBack: () => whenOnPage(["wj-words", "wj-switch"], comeBack),
    speaks: () => whenOnPage(["wj-words", "wj-switch", "wj-columns"], speak),
    tell,
    tellLatest,
    isNew: () => Boolean(whole(latest())) && whole(latest()) !== known,
    seenLatest: () => (known = whole(latest())),
  });
})();
