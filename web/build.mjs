// Bundles each script of the pages by itself; nothing is fetched from elsewhere at run time.
import { build } from "esbuild";

await build({
  entryPoints: ["src/hub.ts", "src/lab.ts", "src/verify.ts"],
  outdir: "../src/chiploom/hub/static/built",
  bundle: true,
  minify: true,
  target: "es2022",
  format: "iife",
  legalComments: "linked",
  logLevel: "warning",
});
