// Makes the stylesheet of the pages: our own style over the mixins of the components (NL Design
// System), and before it the tokens, only those that something uses. What it makes goes into
// static/frontend/built/, which is not committed.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { join } from "node:path";
import { compile } from "sass";

const here = fileURLToPath(new URL(".", import.meta.url));
const at = (...parts) => join(here, ...parts);
const read = (path) => readFileSync(path, "utf8");
const packages = at("node_modules");
const built = at("static", "frontend", "built");

// The components name their neighbours `~@utrecht/…`: a package.
const importer = {
  findFileUrl: (url) => (url.startsWith("~") ? pathToFileURL(join(packages, url.slice(1))) : null),
};

/** The custom properties that a stylesheet sets, by name; of two settings the last one holds. */
function tokens(css) {
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, "");
  return new Map([...plain.matchAll(/(--[\w-]+)\s*:\s*([^;}]+)[;}]/g)].map(([, name, value]) => [name, value.trim()]));
}

/** The names of the custom properties that `css` reads. */
const uses = (css) => [...css.matchAll(/var\(\s*(--[\w-]+)/g)].map(([, name]) => name);

/** Those of `all` that `css` uses, directly or through the value of another. */
function needed(css, all) {
  const found = new Map();
  const open = uses(css);
  while (open.length) {
    const name = open.pop();
    if (found.has(name) || !all.has(name)) continue;
    found.set(name, all.get(name));
    open.push(...uses(all.get(name)));
  }
  return found;
}

const style = compile(at("style", "rotonde.scss"), { importers: [importer], style: "compressed" }).css;
const base = read(join(packages, "@nl-design-system-unstable", "voorbeeld-design-tokens", "dist", "theme.css"));
const theme = tokens(read(at("style", "theme.css")));
const kept = needed(style, new Map([...tokens(base), ...theme]));

const idle = [...theme.keys()].filter((name) => !kept.has(name));
if (idle.length) throw new Error(`style/theme.css sets what nothing uses: ${idle.join(", ")}`);

mkdirSync(built, { recursive: true });
for (const face of ["latin", "latin-ext"]) {
  const file = `source-sans-3-${face}-wght-normal.woff2`;
  copyFileSync(join(packages, "@fontsource-variable", "source-sans-3", "files", file), join(built, file));
}
const root = [...kept].sort().map(([name, value]) => `${name}:${value}`).join(";");
writeFileSync(join(built, "rotonde.css"), `:root{${root}}${style.replace(/^\uFEFF/, "")}\n`);
