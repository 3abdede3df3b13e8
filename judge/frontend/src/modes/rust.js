export { rust as mode } from "@codemirror/lang-rust";
