import { StreamLanguage } from "@codemirror/language";
import { haskell } from "@codemirror/legacy-modes/mode/haskell";

export const mode = () => StreamLanguage.define(haskell);
