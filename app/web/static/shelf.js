// The list of collections, and the name that the form below it adds to.
(() => {
  const addTo = (row) => {
    const box = document.querySelector("#wj-name :is(input, textarea)");
    box.value = row.dataset.id;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    document.getElementById("wj-sources").scrollIntoView({ block: "start", behavior: "instant" });
    document.querySelector("#wj-files button")?.focus({ preventScroll: true });
  };

  const shelf = (element, trigger) =>
    wenju.rows(element, trigger, {
      "wj-add": addTo,
      "wj-take-out": (row, button) => trigger("clear", { id: row.dataset.id, document: button.dataset.document }),
    });

  Object.assign(window.wenju, { shelf });
})();
