// The editor on the problem page: takes the place of the form's textarea, which works alone where this can't run.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, Transaction } from "@codemirror/state";
import * as view from "@codemirror/view";
import { drafts } from "./drafts.js";
import { files } from "./files.js";
import { habits, otherKeys } from "./habits.js";
import { panes } from "./panes.js";
import { running } from "./run.js";
import { sheet } from "./sheet.js";
import { theme } from "./theme.js";

const YEAR_S = 365 * 24 * 3600;

const nonce = document.querySelector("script[nonce]")?.nonce;
const form = document.querySelector("[data-workspace]");
if (form) start(form);

function start(form) {
  const textarea = form.querySelector("textarea[name=source]");
  const select = form.querySelector("select[name=language]");
  const errors = form.querySelector(".workspace-errors");
  const submitButton = form.querySelector("[data-submit]");
  const languages = JSON.parse(document.getElementById("editor-languages").textContent);
  const mode = new Compartment();

  // What the other parts know of the editor.
  const pad = {
    form,
    languages,
    text: () => editor.state.doc.toString(),
    language: () => select.value,
    template: () => languages[select.value].template,
    focus: () => editor.focus(),
    // `lasting` texts come from somewhere else: undoing leads to none that belongs to another language or version.
    replace: (text, { lasting = false } = {}) => {
      const changes = { from: 0, to: editor.state.doc.length, insert: text };
      const annotations = lasting ? [Transaction.addToHistory.of(false)] : [];
      if (text !== pad.text()) editor.dispatch({ changes, annotations, scrollIntoView: true, selection: { anchor: 0 } });
    },
    choose: (language) => {
      if (select.value === language) return;
      select.value = language;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    },
    complain: (text) => errors.replaceChildren(notice(text)),
    fits: (text) => {
      const fits = new TextEncoder().encode(text).length <= Number(form.dataset.maxBytes);
      if (!fits) pad.complain(form.dataset.tooLong);
      return fits;
    },
  };

  const submit = () => {
    if (submitButton) form.requestSubmit(submitButton);
    return true;
  };
  const editor = new view.EditorView({
    doc: textarea.value,
    extensions: [
      view.EditorView.cspNonce.of(nonce ?? ""),
      otherKeys,
      // Ctrl+Enter is ours before it is the default keymap's "insert a line".
      view.keymap.of([
        { key: "Mod-Enter", run: submit, preventDefault: true },
        { key: "Mod-'", run: () => run(), preventDefault: true },
        { key: "Alt-Enter", run: () => habit.toggle(), preventDefault: true },
      ]),
      view.lineNumbers(),
      view.highlightActiveLine(),
      view.highlightActiveLineGutter(),
      view.highlightSpecialChars(),
      view.drawSelection(),
      view.dropCursor(),
      view.rectangularSelection(),
      history(),
      indentOnInput(),
      indentUnit.of("    "),
      EditorState.tabSize.of(4),
      EditorState.allowMultipleSelections.of(true),
      bracketMatching(),
      closeBrackets(),
      autocompletion(),
      highlightSelectionMatches(),
      view.keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap, indentWithTab, ...defaultKeymap]),
      view.EditorView.contentAttributes.of({ "aria-label": form.querySelector(`label[for="${textarea.id}"]`).textContent }),
      view.EditorView.updateListener.of((update) => update.docChanged && draft?.changed()),
      view.EditorView.domEventHandlers({ drop: (event) => file.dropped(event) }),
      theme,
      mode.of([]),
    ],
  });
  const setMode = async () => {
    const key = select.value;
    // One chunk for each file in modes/, fetched when it is first chosen.
    const chosen = await import(`./modes/${languages[key].mode}.js`);
    if (select.value === key) editor.dispatch({ effects: mode.reconfigure(chosen.mode()) });
  };
  setMode();
  const typing = document.activeElement === textarea;
  const anchor = textarea.selectionStart;
  textarea.hidden = true;
  textarea.required = false;
  textarea.after(editor.dom);

  const file = files(pad);
  // The text goes into the form; false where it is too long to be sent.
  const take = () => {
    draft.save();
    textarea.value = pad.text();
    errors.replaceChildren();
    return pad.fits(textarea.value);
  };
  const run = running(form, take, pad.complain, () => pane.show("code"));
  let draft;
  draft = drafts(pad);
  const habit = habits(pad, editor, () => draft.save());
  const pane = panes(form);
  sheet(form);
  // What came back from the judge is beside the editor.
  if (JSON.parse(form.dataset.draft).given) pane.show("code");
  if (typing) {
    editor.focus();
    editor.dispatch({ selection: { anchor: Math.min(anchor, editor.state.doc.length) } });
  }

  document.addEventListener("keydown", (event) => {
    // In the editor its own keymap has been asked already.
    if (event.defaultPrevented || !(event.ctrlKey || event.metaKey || event.altKey)) return;
    if (event.key === "Enter") event.altKey ? habit.toggle() : submit();
    else if (event.key === "'" && !event.altKey) run();
    else return;
    event.preventDefault();
  });

  select.addEventListener("change", () => {
    document.cookie = `language=${encodeURIComponent(select.value)}; path=/; max-age=${YEAR_S}; samesite=lax`;
    draft.open();
    setMode();
  });

  form.addEventListener("submit", (event) => {
    if (!take() || !submitButton || submitButton.disabled) {
      event.preventDefault();
      return;
    }
    submitButton.disabled = true;
    submitButton.textContent = form.dataset.busy;
  });
  // Coming back by the browser's back button finds the page as it was left: let it submit again.
  const label = submitButton?.textContent;
  addEventListener("pageshow", () => {
    if (!submitButton) return;
    submitButton.disabled = false;
    submitButton.textContent = label;
  });
}

function notice(text) {
  const paragraph = document.createElement("p");
  paragraph.className = "notice notice-error";
  paragraph.textContent = text;
  return paragraph;
}
