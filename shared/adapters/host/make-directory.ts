import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a directory and those above it that are missing. Throws the operating system's error where
 * one cannot be made. Node's own recursive way never ends where the parent exists and takes
 * nothing, as `/proc` does; this makes each directory once, from the root at most.
 */
export const makeDirectory = (path: string): void => {
  const missing: string[] = [];
  let folder = resolve(path);
  while (!existsSync(folder)) {
    missing.push(folder);
    // Above the root is the root again, also where that is a drive that is not there.
    if (dirname(folder) === folder) break;
    folder = dirname(folder);
  }
  for (const folder of missing.toReversed()) makeOne(folder);
};

const makeOne = (folder: string): void => {
  try {
    mkdirSync(folder);
  } catch (error) {
    // Somebody else made it meanwhile.
    if (!existsSync(folder)) throw error;
  }
};
