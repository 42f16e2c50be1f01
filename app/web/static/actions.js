// What is done with a turn: its reply copied, asked again or taken back, its question put in other words.
(() => {
  const word = (name) => document.getElementById("wj-words").dataset[name];

  // The reply, then each numbered sentence with its place, as plain text.
  const plain = (reply) => {
    const rows = [...reply.querySelectorAll(".wj-evidence li")].map((row) => {
      const number = row.querySelector(".wj-cite");
      const sentence = number?.hash && document.getElementById(number.hash.slice(1));
      const title = sentence?.closest("article").querySelector(".wj-title")?.textContent;
      const where = row.querySelector(".wj-where").textContent;
      const place = title && !where.startsWith(title) ? `${title} > ${where}` : where;
      return `${number ? number.textContent : "·"} ${row.querySelector("q").textContent}\n    ${place}`;
    });
    return [reply.querySelector(".wj-text").innerText, ...rows].join("\n\n");
  };

  const copy = async (button) => {
    const text = plain(button.closest(".wj-actions").parentElement.querySelector(".wj-reply"));
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else {
      // Over plain HTTP from another machine there is no clipboard object.
      const area = document.body.appendChild(document.createElement("textarea"));
      area.value = text;
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    const before = button.textContent;
    if (before === word("copied")) return; // clicked twice: it will say what it does again
    button.textContent = word("copied");
    wenju.tell("copied");
    setTimeout(() => (button.textContent = before), 1500);
  };

  const edit = (button) => {
    const question = button.parentElement.querySelector(".wj-question");
    const turn = [...document.querySelectorAll("#wj-chat .wj-question")].indexOf(question);
    const form = document.createElement("form");
    form.className = "wj-editing";
    const [area, send, cancel] = ["textarea", "button", "button"].map((tag) => document.createElement(tag));
    area.value = question.innerText;
    area.setAttribute("aria-label", button.textContent);
    [send.textContent, cancel.textContent, cancel.type] = [word("send"), word("cancel"), "button"];
    form.append(area, send, cancel);
    const close = () => {
      form.remove();
      question.hidden = button.hidden = false;
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = area.value;
      close();
      if (text.trim() && text !== question.innerText) wenju.python.edit(turn, text);
    });
    cancel.addEventListener("click", close);
    area.addEventListener("keydown", (event) => {
      if (wenju.isComposing(event)) return;
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        form.requestSubmit();
      } else if (event.key === "Escape") {
        close();
        button.focus();
      }
    });
    question.hidden = button.hidden = true;
    question.after(form);
    area.focus();
  };

  const actions = {
    "wj-copy": copy,
    "wj-retry": () => wenju.python.retry(),
    "wj-undo": () => wenju.python.undo(),
    "wj-edit": edit,
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#wj-chat button");
    if (button) actions[button.className]?.(button);
  });
})();
