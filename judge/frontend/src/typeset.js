// Typesets the formulas of a statement. Without this script they stay readable as LaTeX.
import katex from "katex";

export function typeset() {
  for (const element of document.querySelectorAll(".math:not(:has(.katex))")) render(element);
}

function render(element) {
  const tex = element.textContent;
  try {
    katex.render(tex, element, {
      displayMode: element.classList.contains("math-display"),
      strict: "ignore",
      trust: false,
      maxExpand: 200,
      maxSize: 20,
    });
    // What scrolls must be reachable by keyboard.
    if (element.scrollWidth > element.clientWidth && element.classList.contains("math-display")) element.tabIndex = 0;
  } catch (error) {
    // A formula that KaTeX can't read stays as its author wrote it.
    if (!(error instanceof katex.ParseError)) throw error;
    element.textContent = tex;
  }
}
