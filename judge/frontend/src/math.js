// Formulas are typeset by a script of their own size: it comes beside the page, never before it.
import "katex/dist/katex.min.css";

async function typesetAll() {
  if (document.querySelector(".math:not(:has(.katex))")) (await import("./typeset.js")).typeset();
}

typesetAll();
// What comes later, a comment's preview for one.
document.addEventListener("htmx:afterSwap", typesetAll);
