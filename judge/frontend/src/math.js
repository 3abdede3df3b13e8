// Formulas are typeset by a script of their own size: it comes beside the page, never before it.
import "katex/dist/katex.min.css";
if (document.querySelector(".math")) import("./typeset.js");
