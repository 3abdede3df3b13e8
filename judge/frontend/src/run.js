// Trying a program out: htmx sends and polls (see the templates), this fills in what it can't know.
import { recall, remember } from "./storage.js";

// `take` puts the editor's text into the form before it is read, and is false where it can't be sent; `look` brings the
// editor's side in sight.
export function running(form, take, complain, look) {
  const place = form.querySelector(".own-input-fields");
  const add = place.querySelector("[data-add-input]");
  const inputs = () => [...place.querySelectorAll("textarea")];
  const key = `inputs:${form.dataset.problem}`;

  const count = () => (add.hidden = inputs().length >= Number(add.dataset.most));
  const another = (text = "") => {
    const field = inputs().at(-1).closest(".field").cloneNode(true);
    const area = field.querySelector("textarea");
    area.id = `id_stdin_${inputs().length + 1}`;
    area.value = text;
    field.querySelector("label").htmlFor = area.id;
    add.before(field);
    count();
    return area;
  };
  add.addEventListener("click", () => another().focus());

  // Inputs of one's own are kept for the tab: they go with what somebody is trying out just now.
  const kept = JSON.parse(recall(key, "sessionStorage") || "[]");
  if (kept.length && inputs().every((area) => !area.value)) {
    inputs()[0].value = kept[0];
    kept.slice(1).forEach(another);
    place.closest("details").open = true;
  }
  count();

  // Before htmx hears of it, which collects the fields at once.
  form.addEventListener(
    "click",
    (event) => {
      if (!event.target.closest("[data-run]")) return;
      if (!take()) {
        event.preventDefault();
        event.stopPropagation();
        return;
      }
      const texts = inputs().map((area) => area.value);
      remember(key, JSON.stringify(texts.filter(Boolean)), "sessionStorage");
    },
    true,
  );
  for (const name of ["htmx:sendError", "htmx:responseError"]) {
    form.addEventListener(name, ({ detail }) => {
      // What polls asks again by itself.
      if (detail.elt.matches("[data-run]")) complain(form.dataset.unreachable);
    });
  }
  // Its beginning and its end are brought in sight, what comes between is not.
  form.addEventListener("htmx:afterSwap", ({ target, detail }) => {
    if (target.id !== "run" || (detail.requestConfig.verb === "get" && target.hasAttribute("hx-get"))) return;
    target.firstElementChild?.scrollIntoView({ block: "nearest" });
  });

  return () => {
    look();
    form.querySelector(".workspace-foot [data-run]").click();
    return true;
  };
}
