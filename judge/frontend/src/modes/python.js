export { python as mode } from "@codemirror/lang-python";
