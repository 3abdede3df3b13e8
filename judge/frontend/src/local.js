// A problem's drafts in this browser. Two tabs without an account share it: what one of them would overwrite of the
// other is put beside the draft. What was written before signing in is its writer's afterwards.
import { forget, recall, remember } from "./storage.js";

export function local(user, problem) {
  const tab = crypto.getRandomValues(new Uint32Array(2)).join("-");
  const key = (language, whose = user) => `draft:${whose}:${problem}:${language}`;
  const other = (language) => `other:${user}:${problem}:${language}`;
  const seen = new Map(); // the text of each language that this tab has read or written last

  const stored = (name) => JSON.parse(recall(name) || "null");

  return {
    read(language) {
      const mine = stored(key(language)) ?? (user && stored(key(language, "")));
      seen.set(language, mine?.text ?? "");
      return mine;
    },
    write(language, draft) {
      const there = stored(key(language));
      if (!user && there && there.tab !== tab && there.text !== seen.get(language) && there.text !== draft.text) {
        remember(other(language), JSON.stringify(there));
      }
      seen.set(language, draft.text);
      if (user) forget(key(language, ""));
      if (draft.text) remember(key(language), JSON.stringify({ ...draft, tab, saved_at: new Date().toISOString() }));
      else forget(key(language));
    },
    forget: (language) => forget(key(language)),
    others(language) {
      const found = stored(other(language));
      return found ? [found] : [];
    },
    // The other version becomes the draft, and `text` the other.
    swap(language, text) {
      const found = stored(other(language));
      remember(key(language), JSON.stringify({ ...found, tab }));
      seen.set(language, found.text);
      remember(other(language), JSON.stringify({ ...found, text, saved_at: new Date().toISOString() }));
    },
    dropOther: (language) => forget(other(language)),
    // Another tab has written.
    heard: (act) => addEventListener("storage", (event) => event.key?.startsWith("other:") && act()),
  };
}
