// How somebody likes to edit, remembered in this browser: size of the text, keys of another editor, the whole window.
import { Compartment } from "@codemirror/state";
import { recall, remember } from "./storage.js";

const SMALLEST_PX = 10;
const LARGEST_PX = 28;
const USUAL_PX = 14;

// Each comes as a chunk of its own when it is first chosen.
const OTHER_KEYS = { vim: () => import("./keys/vim.js"), emacs: () => import("./keys/emacs.js") };

const keys = new Compartment();
// Stands before all keymaps: all of them are asked together, where the first of them stands.
export const otherKeys = keys.of([]);

export function habits(pad, editor, save) {
  const { form } = pad;
  const size = form.querySelector("[data-size]");
  const select = form.querySelector("[data-keys]");
  const whole = form.querySelector("[data-whole]");

  const setSize = (px) => {
    const kept = Math.min(LARGEST_PX, Math.max(SMALLEST_PX, px || USUAL_PX));
    form.style.setProperty("--editor-size", `${kept}px`);
    size.textContent = kept;
    editor.requestMeasure();
    return kept;
  };
  let px = setSize(Number(recall("editor-size")));
  for (const button of form.querySelectorAll("[data-resize]")) {
    button.addEventListener("click", () => {
      px = setSize(px + Number(button.dataset.resize));
      remember("editor-size", String(px));
    });
  }

  const setKeys = async (name) => {
    const module = await OTHER_KEYS[name]?.();
    if (select.value === name) editor.dispatch({ effects: keys.reconfigure(module ? module.keys(save) : []) });
  };
  select.value = recall("editor-keys") in OTHER_KEYS ? recall("editor-keys") : "";
  if (select.value) setKeys(select.value);
  select.addEventListener("change", () => {
    remember("editor-keys", select.value);
    setKeys(select.value);
  });

  // What was chosen in the menu is done elsewhere.
  const menu = form.querySelector("details.menu");
  menu.addEventListener("click", (event) => {
    if (event.target.closest(".menu-panel > button, .menu-file")) menu.open = false;
  });

  // What the editor covers can't be reached meanwhile.
  const covered = document.querySelectorAll(".site-header, .split-left, .splitter, .panes, .last");
  const toggle = () => {
    const on = form.classList.toggle("is-whole");
    document.documentElement.classList.toggle("has-whole", on);
    whole.setAttribute("aria-pressed", String(on));
    for (const element of covered) element.inert = on;
    editor.requestMeasure();
    editor.focus();
    return true;
  };
  whole.addEventListener("click", toggle);
  form.addEventListener("keydown", (event) => {
    // In the editor Escape belongs to the editor.
    if (event.key !== "Escape" || !form.classList.contains("is-whole") || editor.hasFocus) return;
    if (!event.target.closest("details.menu[open]")) toggle();
  });
  return { toggle };
}
