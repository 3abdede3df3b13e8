// Drafts, one for a problem and a language: in this browser for everybody, on the server besides for who is signed in.
//
// Each save names the version that it goes on from; where another tab or device has changed that version, the server
// keeps both (see drafts.py), and so does `local.js` in the browser. What is newer is in the editor, the other offered.
import { local } from "./local.js";

const DELAY_MS = 800;
const RETRY_MS = 10_000;
// What a browser lets go out of a page that is left.
const KEEPALIVE_BYTES = 60_000;

export function drafts(pad) {
  const { form } = pad;
  const signedIn = form.dataset.user !== "";
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const state = form.querySelector(".draft-state");
  const browser = local(form.dataset.user, form.dataset.problem);
  const none = { id: 0, revision: 0, text: "", others: [] };

  let language = pad.language();
  let base = none; // the version that the editor's text goes on from
  let kept = ""; // the text that is stored already
  let timer;
  let sending = false;

  const address = (path) => new URL(path, new URL(form.dataset.drafts, location.href));
  // The program to begin with is nobody's draft. While languages change the page shows the next one already.
  const blank = (text) => (text === pad.languages[language].template ? "" : text);

  const show = (text) => {
    kept = text;
    pad.replace(text || pad.template(), { lasting: true });
    kept = blank(pad.text());
  };

  // `first` is what the page came with: its text is in the editor already.
  function open(first) {
    if (!first) save();
    language = pad.language();
    base = first ?? none;
    const mine = browser.read(language);
    if (first?.typed || first?.given) {
      const ours = first.typed || (mine?.text === pad.text() && mine.id === base.id);
      // Loading the page again shall show what has become of the program since.
      if (first.given && location.search) history.replaceState(null, "", location.pathname);
      if (!ours) {
        // What a form, a run or a former submission brought back is a version of its own.
        if (mine && signedIn) post(language, mine.text, mine);
        base = { ...none, others: base.id ? [base, ...base.others] : [] };
      }
      kept = null;
      save();
    } else if (mine && mine.text !== base.text) {
      show(mine.text);
      if (signedIn) {
        base = { ...none, id: mine.id, revision: mine.revision };
        kept = null;
        save();
      }
    } else {
      show(base.text);
      if (signedIn && !first) fetchDraft(language);
    }
    offer();
  }

  async function fetchDraft(key) {
    const before = pad.text();
    const response = await ask(address(`../${key}/`));
    if (!response?.ok || key !== language) return;
    const found = await response.json();
    // Whoever has begun to type goes on typing: the server's version is then offered with the next save.
    if (pad.text() === before) {
      base = found;
      show(found.text);
    }
    offer();
  }

  function changed() {
    clearTimeout(timer);
    timer = setTimeout(save, DELAY_MS);
  }

  function save() {
    clearTimeout(timer);
    const text = blank(pad.text());
    if (text === kept) return;
    keep(text);
    if (signedIn) send(text);
    else {
      kept = text;
      tell(form.dataset.savedHere);
      offer();
    }
  }

  // Goes out even where the page is left the next moment, but for long texts: those are sent again with the next visit.
  function post(key, text, on) {
    const fields = { text, on: on.id, revision: on.revision, csrfmiddlewaretoken: token };
    const keepalive = new TextEncoder().encode(text).length < KEEPALIVE_BYTES;
    return ask(address(`../${key}/`), new URLSearchParams(fields), { keepalive });
  }

  async function send(text) {
    if (sending) return changed();
    sending = true;
    const key = language;
    const response = await post(key, text, base);
    sending = false;
    if (key !== language) return;
    if (response?.ok) {
      const found = await response.json();
      base = text ? found : { ...none, others: found.id ? [found, ...found.others] : [] };
      kept = text;
      // It is safe now: nothing stays behind in a browser that others may use, too.
      if (blank(pad.text()) === text) browser.forget(key);
      tell(form.dataset.saved);
      offer();
    } else if (response?.status === 422) {
      tell((await response.json()).error);
    } else {
      tell(form.dataset.savedHere);
      timer = setTimeout(save, RETRY_MS);
    }
  }

  function keep(text) {
    browser.write(language, { text, id: base.id, revision: base.revision });
  }

  const tell = (words) => (state.textContent = words);

  // The versions beside the one in the editor, each with what can be done with it.
  function offer() {
    const others = signedIn ? base.others : browser.others(language);
    const place = form.querySelector(".draft-others");
    place.replaceChildren(...others.map((other) => row(other)));
  }

  function row(other) {
    const made = form.querySelector("#other-version").content.firstElementChild.cloneNode(true);
    const time = made.querySelector("time");
    time.dateTime = other.saved_at;
    time.textContent = new Date(other.saved_at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    made.querySelector("[data-switch]").addEventListener("click", () => change(other));
    made.querySelector("[data-drop]").addEventListener("click", () => drop(other));
    return made;
  }

  async function change(other) {
    if (!signedIn) {
      const mine = pad.text();
      browser.swap(language, mine);
      show(other.text);
      offer();
      return;
    }
    const response = await ask(address(`../../${other.id}/`));
    if (!response?.ok) return tell(form.dataset.unreachable);
    const found = await response.json();
    // The text that is in the editor now stays a version of its own.
    const left = base.others.filter((each) => each.id !== other.id);
    base = { ...found, others: base.id ? [{ id: base.id, saved_at: base.saved_at }, ...left] : left };
    show(found.text);
    pad.focus();
    offer();
  }

  async function drop(other) {
    if (signedIn) {
      const gone = await ask(address(`../../${other.id}/drop`), new URLSearchParams({ csrfmiddlewaretoken: token }));
      if (!gone?.ok) return tell(form.dataset.unreachable);
      base = { ...base, others: base.others.filter((each) => each.id !== other.id) };
    } else {
      browser.dropOther(language);
    }
    pad.focus();
    offer();
  }

  addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
  if (!signedIn) browser.heard(() => offer());

  const textarea = form.querySelector("textarea[name=source]");
  const first = JSON.parse(form.dataset.draft);
  open({ ...first, text: textarea.value, typed: textarea.value !== textarea.defaultValue });
  return { open: () => open(), changed, save };
}

// No answer at all is null: the text is safe in the browser, and the next save tries again.
async function ask(address, body, options = {}) {
  try {
    return await fetch(address, body ? { method: "POST", body, ...options } : {});
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return null;
  }
}
