// The list of conversations: a drawer over the page's edge, and what is clicked in it.
(() => {
  const drawer = () => document.getElementById("wj-drawer");
  const toggle = () => document.getElementById("wj-toggle");
  const isOpen = () => document.body.classList.contains("wj-drawer-open");

  const setOpen = (open) => {
    if (open === isOpen()) return;
    document.body.classList.toggle("wj-drawer-open", open);
    toggle().setAttribute("aria-expanded", open);
    // What lies behind is out of reach meanwhile, for the keyboard and for a screen reader.
    document.querySelectorAll("#wj-top, #wj-tabs").forEach((behind) => (behind.inert = open));
    // A keyboard goes into the drawer with it, and back to where it came from.
    if (open) document.getElementById("wj-new").focus();
    else if (drawer().contains(document.activeElement)) toggle().focus();
  };

  // The address names the conversation, so that a reload and a bookmark find it; each tab has its own.
  const listed = (list) => {
    if (!list) return;
    const url = new URL(location.href);
    if (list.dataset.current) url.searchParams.set("c", list.dataset.current);
    else url.searchParams.delete("c");
    history.replaceState(history.state, "", url);
  };

  const retitle = (row, begins) => {
    const [title, input] = [row.querySelector(".wj-entry"), row.querySelector(".wj-retitle")];
    title.hidden = begins;
    input.hidden = !begins;
    row.querySelector(".wj-more").open = false;
    if (!begins) return;
    input.value = input.defaultValue; // of what was typed and given up, nothing is left
    input.focus();
    input.select();
  };

  const keepTitle = (row) => {
    retitle(row, false);
    row.querySelector(".wj-entry").focus();
  };

  // A list that stays as it is would not be shown anew, and the field would stay open.
  const retitled = (row, input, trigger) => {
    if (input.value.trim().replace(/\s+/g, " ") === input.defaultValue) keepTitle(row);
    else trigger("edit", { id: row.dataset.id, title: input.value });
  };

  const sure = (row, asks) => {
    row.querySelector(".wj-delete ~ .wj-sure").hidden = !asks;
    row.querySelector(asks ? ".wj-keep" : ".wj-delete").focus();
  };

  // Buttons in the rows of a list: what each class of them does with its row.
  const rows = (element, trigger, more) => {
    const actions = {
      "wj-entry": (row) => trigger("select", { id: row.dataset.id }),
      "wj-rename": (row) => retitle(row, true),
      "wj-delete": (row) => sure(row, true),
      "wj-keep": (row) => sure(row, false),
      "wj-delete-it": (row) => trigger("delete", { id: row.dataset.id }),
      ...more,
    };
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) actions[button.className]?.(button.closest("li"), button);
    });
    element.addEventListener("keydown", (event) => {
      if (!event.target.matches(".wj-retitle") || wenju.isComposing(event)) return;
      const row = event.target.closest("li");
      if (event.key === "Enter") {
        event.preventDefault(); // or it would press the button that gets the focus
        retitled(row, event.target, trigger);
      }
      if (event.key === "Escape") {
        event.stopPropagation(); // the drawer stays
        keepTitle(row);
      }
    });
    // A phone has no Escape. The field has the focus still if the whole window was left.
    element.addEventListener("focusout", ({ target }) => {
      if (target.matches(".wj-retitle") && target !== document.activeElement) retitle(target.closest("li"), false);
    });
  };

  const list = (element, trigger) => {
    wenju.whenOnPage(["wj-drawer", "wj-toggle"], () => {
      const roles = { role: "dialog", "aria-modal": true, "aria-labelledby": "wj-drawer-title" };
      Object.entries(roles).forEach(([name, value]) => drawer().setAttribute(name, value));
      toggle().setAttribute("aria-expanded", false);
    });
    rows(element, trigger, {
      "wj-export": (row, button) => trigger("download", { id: row.dataset.id, form: button.dataset.form }),
    });
  };

  const save = (file) => {
    if (!file) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([file.dataset.text], { type: "text/plain;charset=utf-8" }));
    link.download = file.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  Object.assign(window.wenju, { drawer: setOpen, rows, list, listed, save });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") setOpen(false);
  });
  document.addEventListener("click", (event) => {
    if (!isOpen()) return;
    // What was clicked may be gone from the page by now: the list is shown anew.
    const inside = event.composedPath().some((node) => ["wj-drawer", "wj-toggle"].includes(node.id));
    if (!inside || event.target.closest(".wj-close")) setOpen(false);
  });
})();
