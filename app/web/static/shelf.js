// The list of collections, and the name that the form below it adds to.
(() => {
  const addTo = (row) => {
    const box = document.querySelector("#wj-name :is(input, textarea)");
    box.value = row.dataset.id;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    document.getElementById("wj-sources").scrollIntoView({ block: "start", behavior: "instant" });
    document.querySelector("#wj-files button")?.focus({ preventScroll: true });
  };

  // One question for all of a collection's documents: it names the one whose button was pressed.
  let leaving = null;
  const askOut = (row, button) => {
    leaving = button;
    const sure = row.querySelector(".wj-sure-out");
    sure.querySelector(".wj-quoted").textContent = button.dataset.document;
    sure.hidden = false;
    sure.querySelector(".wj-keep-in").focus();
  };
  const keepIn = (row) => {
    row.querySelector(".wj-sure-out").hidden = true;
    leaving.focus();
  };

  const shelf = (element, trigger) =>
    wenju.rows(element, trigger, {
      "wj-add": addTo,
      "wj-take-out": askOut,
      "wj-keep-in": keepIn,
      "wj-take-it-out": (row) => trigger("clear", { id: row.dataset.id, document: leaving.dataset.document }),
    });

  Object.assign(window.wenju, { shelf });
})();
