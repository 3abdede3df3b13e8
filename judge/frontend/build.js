// Bundles the npm packages into var/frontend/vendor, from where Django's staticfiles take them (and hash their names).
import { build } from "esbuild";
import { readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

// This package calls what binds its keys "pure", and the bundler would leave it out.
const emacs = {
  name: "emacs",
  setup({ onLoad }) {
    onLoad({ filter: /@replit[/\\]codemirror-emacs[/\\]dist[/\\]index\.js$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, "utf8")).replaceAll("/*@__PURE__*/", ""),
    }));
  },
};

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
  plugins: [emacs],
  legalComments: "linked",
  logLevel: "warning",
});
