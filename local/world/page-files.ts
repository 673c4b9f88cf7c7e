import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** One file of the page, ready to be sent or stored. */
export type PageFile = {
  /** `/` for the page itself, else `/app.js` and the like. */
  readonly path: string;
  readonly contentType: string;
  readonly body: Uint8Array;
};

const folder = new URL("../../dashboard/", import.meta.url);

/** Bundles the page into memory, minified, with nothing in it that is loaded from elsewhere. */
export const buildPage = async (): Promise<readonly PageFile[]> => {
  const built = await build({
    entryPoints: {
      app: fileURLToPath(new URL("source/main.tsx", folder)),
      style: fileURLToPath(new URL("source/styles.css", folder)),
    },
    outdir: "page",
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    tsconfigRaw: {},
    logLevel: "silent",
  });
  const bundled = built.outputFiles.map(({ path, contents }) =>
    path.endsWith(".css")
      ? { path: "/style.css", contentType: "text/css; charset=utf-8", body: contents }
      : { path: "/app.js", contentType: "text/javascript; charset=utf-8", body: contents },
  );
  return [
    { path: "/", contentType: "text/html; charset=utf-8", body: readPageFile("index.html") },
    { path: "/icon.svg", contentType: "image/svg+xml", body: readPageFile("icon.svg") },
    ...bundled,
  ];
};

const readPageFile = (name: string): Uint8Array => readFileSync(new URL(name, folder));
