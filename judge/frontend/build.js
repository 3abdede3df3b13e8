// Bundles the npm packages into var/frontend/vendor, from where Django's staticfiles take them (and hash their names).
import { build } from "esbuild";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const outdir = path("../../var/frontend/vendor");

await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: { editor: path("src/editor.js"), math: path("src/math.js") },
  outdir,
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  // Browsers that know `light-dark()` all read woff2.
  loader: { ".woff2": "file", ".woff": "empty", ".ttf": "empty" },
  assetNames: "fonts/[name]",
  legalComments: "linked",
  logLevel: "warning",
});
