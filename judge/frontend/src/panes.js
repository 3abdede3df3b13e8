// Statement and editor: a border between them that moves on wide screens, one of the two at a time on narrow ones.
const YEAR_S = 365 * 24 * 3600;
const STEP = 2;
const USUAL = 50;

export function panes(form) {
  const split = document.querySelector(".split");
  border(split, form.querySelector(".splitter"));
  return tabs(split, form.querySelector(".panes"));
}

function border(split, handle) {
  const [least, most] = [Number(handle.ariaValueMin), Number(handle.ariaValueMax)];
  let share = Number(handle.ariaValueNow);

  const set = (percent) => {
    share = Math.round(Math.min(most, Math.max(least, percent)));
    document.documentElement.style.setProperty("--split", `${share}%`);
    handle.ariaValueNow = share;
  };
  // A cookie, so that the next page comes with its border in place.
  const keep = () => (document.cookie = `split=${share}; path=/; max-age=${YEAR_S}; samesite=lax`);

  const steps = { ArrowLeft: () => share - STEP, ArrowRight: () => share + STEP, Home: () => least, End: () => most, Enter: () => USUAL };
  handle.addEventListener("keydown", (event) => {
    if (!steps[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    set(steps[event.key]());
    keep();
  });
  handle.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    handle.focus();
  });
  handle.addEventListener("pointermove", (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const { left, width } = split.getBoundingClientRect();
    set((100 * (event.clientX - left)) / width);
  });
  handle.addEventListener("lostpointercapture", keep);
  handle.addEventListener("dblclick", () => {
    set(USUAL);
    keep();
  });
  split.append(handle);
  handle.hidden = false;
}

function tabs(split, nav) {
  const links = [...nav.querySelectorAll("a")];
  const show = (pane) => {
    split.dataset.pane = pane;
    for (const link of links) link.ariaCurrent = link.dataset.pane === pane ? "true" : null;
  };
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(link.dataset.pane);
      scrollTo(0, 0);
    });
  }
  split.append(nav);
  nav.hidden = false;
  show("problem");
  return { show };
}
