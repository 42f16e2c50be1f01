// Numbers lead to sentences. A link in a reply names a sentence by its element id; nothing here
// slices text or knows offsets.
(() => {
  // Beside the chat the article follows each reply; below it (a phone) only a tap moves the page.
  const beside = () => window.matchMedia("(min-width: 769px)").matches;

  const sentence = (link) => document.getElementById(link.hash.slice(1));

  const mark = (links, scroll) => {
    document.querySelectorAll(".wj-marked").forEach((el) => el.classList.remove("wj-marked"));
    const found = [...links].map(sentence).filter(Boolean);
    found.forEach((el) => el.classList.add("wj-marked"));
    if (!found.length) return;
    if (!scroll) return;
    const pane = found[0].closest(".wj-pane");
    if (!beside()) {
      found[0].scrollIntoView({ block: "center", behavior: "instant" });
      return;
    }
    // Only the pane moves, not the page: the reply stays where it is.
    const offset = found[0].getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTop += offset - pane.clientHeight / 3;
  };

  // Whoever scrolled up to an earlier reply still sees the new one, with its question.
  const bringIntoChat = (reply) => {
    let box = reply.parentElement;
    while (box.id !== "wj-chat" && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement;
    const offset = reply.getBoundingClientRect().top - box.getBoundingClientRect().top;
    box.scrollTop += offset - box.clientHeight / 3;
  };

  window.wenju = {
    showLatest: () => {
      const replies = document.querySelectorAll(".wj-reply");
      const latest = replies[replies.length - 1];
      mark(latest ? latest.querySelectorAll(".wj-text a.wj-cite") : [], beside());
      if (latest) bringIntoChat(latest);
    },
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.wj-cite");
    if (link) {
      event.preventDefault();
      mark([link], true);
    } else if (event.target.closest(".wj-back")) {
      event.preventDefault();
      document.getElementById("wj-chat").scrollIntoView({ block: "start", behavior: "instant" });
    }
  });
})();
