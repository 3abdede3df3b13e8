// A part of a page that asks for itself again and again (see _results.html): says when the site does not answer, asks
// at once when its tab is looked at again, and gives up for the whole page where it gets something else.
(() => {
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      // Not there any more: the page says so better.
      if (event.detail.xhr?.status === 404) location.reload();
      const words = event.target.closest?.("[data-live]")?.querySelector("[data-lost]");
      if (words) words.hidden = false;
    });
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.target.closest?.("[data-live]");
    if (!part || !event.detail.shouldSwap || event.detail.serverResponse.includes(`id="${part.id}"`)) return;
    // The door, for one, after signing out elsewhere.
    event.detail.shouldSwap = false;
    location.reload();
  });

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    for (const part of document.querySelectorAll("[data-live][hx-get]")) part.dispatchEvent(new Event("seen"));
  });
})();
