// A draft that gave way to a former program ("Edit again") is kept until it is brought back or dropped. The newest few:
// who edits one program after another loses none on the way.
const MOST = 5;

export function offerDraft(form, editor, key, draft, { remember, recall }) {
  const place = form.querySelector("[data-kept]");
  const keptKey = `kept-${key}`;
  const shown = editor.state.doc.toString();
  let kept = JSON.parse(recall(keptKey) || "[]");

  if ("again" in form.dataset) {
    if (draft.trim() && draft !== shown) kept = [draft, ...kept.filter((text) => text !== draft)].slice(0, MOST);
    // Loading the page again shall show what has become of the program since.
    history.replaceState(null, "", location.pathname);
  }
  const show = () => {
    remember(keptKey, JSON.stringify(kept));
    place.hidden = kept.length === 0;
  };
  place.querySelector("[data-bring-back]").addEventListener("click", () => {
    const text = kept.shift();
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
    editor.focus();
    show();
  });
  place.querySelector("[data-drop]").addEventListener("click", () => {
    kept.shift();
    editor.focus();
    show();
  });
  if (kept.length) show();
}
