// The editor on the problem page: takes the place of the form's textarea, which works alone where this can't run.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import * as view from "@codemirror/view";
import { offerDraft } from "./kept.js";
import { theme } from "./theme.js";

const DRAFT_DELAY_MS = 400;
const YEAR_S = 365 * 24 * 3600;

const nonce = document.querySelector("script[nonce]")?.nonce;
const form = document.querySelector("[data-workspace]");
if (form) start(form);

function start(form) {
  const textarea = form.querySelector("textarea");
  const select = form.querySelector("select");
  const errors = form.querySelector(".workspace-errors");
  const modes = JSON.parse(document.getElementById("editor-modes").textContent);
  const mode = new Compartment();
  const draftKey = () => `draft:${form.dataset.problem}:${select.value}`;
  let saving;

  const draft = recall(draftKey());
  if (!textarea.value) textarea.value = draft;

  const save = () => remember(draftKey(), editor.state.doc.toString());
  const submit = () => {
    form.requestSubmit();
    return true;
  };
  const editor = new view.EditorView({
    doc: textarea.value,
    extensions: [
      view.EditorView.cspNonce.of(nonce ?? ""),
      // Ctrl+Enter is ours before it is the default keymap's "insert a line".
      view.keymap.of([{ key: "Mod-Enter", run: submit, preventDefault: true }]),
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
      view.EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        clearTimeout(saving);
        saving = setTimeout(save, DRAFT_DELAY_MS);
      }),
      theme,
      mode.of([]),
    ],
  });
  const setMode = async () => {
    const key = select.value;
    // One chunk for each file in modes/, fetched when it is first chosen.
    const chosen = await import(`./modes/${modes[key]}.js`);
    if (select.value === key) editor.dispatch({ effects: mode.reconfigure(chosen.mode()) });
  };
  setMode();
  const typing = document.activeElement === textarea;
  textarea.hidden = true;
  textarea.required = false;
  textarea.after(editor.dom);
  offerDraft(form, editor, draftKey(), draft, { remember, recall });
  if (typing) {
    editor.focus();
    editor.dispatch({ selection: { anchor: Math.min(textarea.selectionStart, editor.state.doc.length) } });
  }

  let language = select.value;
  select.addEventListener("change", () => {
    const text = editor.state.doc.toString();
    remember(`draft:${form.dataset.problem}:${language}`, text);
    language = select.value;
    document.cookie = `language=${encodeURIComponent(language)}; path=/; max-age=${YEAR_S}; samesite=lax`;
    const draft = recall(draftKey());
    if (draft) editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: draft } });
    setMode();
  });

  form.addEventListener("submit", (event) => {
    const text = editor.state.doc.toString();
    save();
    if (new TextEncoder().encode(text).length > Number(form.dataset.maxBytes)) {
      event.preventDefault();
      errors.replaceChildren(notice(form.dataset.tooLong));
      return;
    }
    textarea.value = text;
    const button = form.querySelector("button[type=submit]");
    if (!button || button.disabled) {
      event.preventDefault();
      return;
    }
    button.disabled = true;
    button.textContent = form.dataset.busy;
  });
  addEventListener("pagehide", () => editor.state.doc.length && save());
  // Coming back by the browser's back button finds the page as it was left: let it submit again.
  const label = form.querySelector("button[type=submit]")?.textContent;
  addEventListener("pageshow", () => {
    const button = form.querySelector("button[type=submit]");
    if (button) {
      button.disabled = false;
      button.textContent = label;
    }
  });
}

function notice(text) {
  const paragraph = document.createElement("p");
  paragraph.className = "notice notice-error";
  paragraph.textContent = text;
  return paragraph;
}

// Storage may be full or forbidden: a draft is then not kept, and nothing else is lost.
function remember(key, text) {
  try {
    localStorage.setItem(key, text);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}

function recall(key) {
  try {
    return localStorage.getItem(key) ?? "";
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return "";
  }
}
