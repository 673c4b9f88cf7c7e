import { registerHooks } from "node:module";
import { assert } from "../../shared/domain/assert.ts";
import type { Plant } from "./plant.ts";

/**
 * Plants a mistake into the production code that this thread loads from now on: the
 * file's text is changed as it is read, before its types are taken away. Nothing of it is in any
 * build, no file is changed, and another thread does not see it.
 */
export const registerPlant = ({ name, file, find, replace }: Plant): void => {
  const url = new URL(`../../${file}`, import.meta.url).href;
  registerHooks({
    load: (specifier, context, nextLoad) => {
      const loaded = nextLoad(specifier, context);
      if (specifier !== url) return loaded;
      const text = textOf(loaded.source);
      assert(text.split(find).length === 2, `${file} has the place of ${name} exactly once.`);
      // A function, so that no dollar sign of the text means anything.
      return { ...loaded, source: text.replace(find, () => replace) };
    },
  });
};

const textOf = (source: unknown): string => {
  if (typeof source === "string") return source;
  assert(source instanceof Uint8Array, "A production file is loaded as text.");
  return new TextDecoder().decode(source);
};
