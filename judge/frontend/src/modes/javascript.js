export { javascript as mode } from "@codemirror/lang-javascript";
