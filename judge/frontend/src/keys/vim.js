import { Vim, vim } from "@replit/codemirror-vim";

// `save` is what :w does.
export function keys(save) {
  Vim.defineEx("write", "w", save);
  return vim({ status: true });
}
