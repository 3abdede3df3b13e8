// The sheet of keyboard shortcuts: by its button, and by ? wherever nobody is typing.
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]";

export function sheet(form) {
  const dialog = form.querySelector("dialog.shortcuts");
  const isMac = /mac|iphone|ipad/i.test(navigator.userAgentData?.platform ?? navigator.platform);
  if (isMac) for (const key of dialog.querySelectorAll("kbd")) if (key.textContent === "Ctrl") key.textContent = "⌘";
  document.body.append(dialog);

  form.querySelector("[data-shortcuts]").addEventListener("click", () => dialog.showModal());
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  // A click beside the sheet's own box falls on the dialog itself.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "?" || event.defaultPrevented || event.target.closest(TYPING) || dialog.open) return;
    event.preventDefault();
    dialog.showModal();
  });
}
