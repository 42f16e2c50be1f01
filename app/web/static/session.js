// The server forgets a page that is away for long (a phone that slept), and would answer it from the first
// collection, in Chinese. Such a page begins again: its address and the browser hold what it needs.
(() => {
  const DRAFT = "wenju-draft";
  const OFTEN = 10 * 60 * 1000; // milliseconds; a connection may break while the page is looked at
  const box = () => document.querySelector("#wj-question textarea");
  const look = () => document.visibilityState === "visible" && navigator.onLine && wenju.python.look();

  // Called once the server knows the page.
  const began = () => {
    document.addEventListener("visibilitychange", look);
    ["online", "pageshow"].forEach((name) => window.addEventListener(name, look));
    setInterval(look, OFTEN);
    const draft = sessionStorage.getItem(DRAFT);
    if (!draft || box().value) return;
    box().value = draft;
    box().dispatchEvent(new Event("input", { bubbles: true }));
  };

  // Gradio begins again, too, where an event finds no connection.
  window.addEventListener("pagehide", () => sessionStorage.setItem(DRAFT, box()?.value ?? ""));

  Object.assign(window.wenju, { began: () => wenju.whenOnPage(["wj-question", "wj-session"], began) });
})();
