// Builds what the app serves: the map component and the fonts. Run by `npm run build`.
import { build } from "esbuild";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const project = join(here, "..");
const packages = join(here, "node_modules");

async function buildMap() {
  await build({
    entryPoints: [join(here, "map", "index.js")],
    outfile: join(project, "excavate", "components", "map", "build", "map.js"),
    bundle: true,
    format: "esm",
    minify: true,
    target: "es2020",
    legalComments: "eof",
  });
}

// Pretendard comes cut into 92 pieces by unicode-range: a page loads only the glyphs it shows.
function copySans(target) {
  const source = join(packages, "pretendard", "dist", "web", "variable");
  const pieces = "woff2-dynamic-subset";
  cpSync(join(source, pieces), join(target, "pretendard"), { recursive: true });
  cpSync(join(packages, "pretendard", "dist", "LICENSE.txt"), join(target, "pretendard", "LICENSE.txt"));
  return readFileSync(join(source, "pretendardvariable-dynamic-subset.css"), "utf8")
    .replaceAll(`./${pieces}/`, "./pretendard/");
}

// Nanum Myeongjo too: the regular and bold weights, every unicode-range piece of each.
function copySerif(target) {
  const source = join(packages, "@fontsource", "nanum-myeongjo");
  mkdirSync(join(target, "nanum-myeongjo"), { recursive: true });
  for (const name of readdirSync(join(source, "files"))) {
    if (/-(400|700)-normal\.woff2$/.test(name)) {
      cpSync(join(source, "files", name), join(target, "nanum-myeongjo", name));
    }
  }
  cpSync(join(source, "LICENSE"), join(target, "nanum-myeongjo", "LICENSE"));
  return ["400", "700"]
    .map((weight) => readFileSync(join(source, `${weight}.css`), "utf8"))
    .join("\n")
    .replaceAll(/,\s*url\([^)]*\.woff\) format\('woff'\)/g, "")
    .replaceAll("./files/", "./nanum-myeongjo/");
}

function copyFonts() {
  const target = join(project, "static", "fonts");
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "fonts.css"), `${copySans(target)}\n${copySerif(target)}`);
}

await buildMap();
copyFonts();
