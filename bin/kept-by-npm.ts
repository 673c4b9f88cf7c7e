import type { Verb, VerbContext } from "./verb.ts";

/** Options of ours that npm has as well: somebody's npm may always set them. */
const OWN_TO_NPM = new Set(["json", "yes", "all", "key"]);

/**
 * The sentence for an option that npm took for itself, as it does with `npm start --speed 60`:
 * without it the verb would run as if nothing had been asked. `undefined` where npm took none.
 */
export const keptByNpm = (
  { name, options = [] }: Verb,
  words: readonly string[],
  environment: VerbContext["environment"],
): string | undefined => {
  const kept = options
    .map(({ flags }) => /^--([a-z-]+)/.exec(flags)?.[1] ?? "")
    .filter((option) => environment[`npm_config_${option.replaceAll("-", "_")}`] !== undefined)
    .find((option) => !OWN_TO_NPM.has(option) && !words.some((word) => isOption(word, option)));
  if (kept === undefined) return undefined;
  const command = name === "start" ? "npm start --" : `npm run holdfast -- ${name}`;
  return `npm has taken --${kept} for itself; put -- before all options: ${command} --${kept} ...`;
};

const isOption = (word: string, option: string): boolean =>
  word === `--${option}` || word.startsWith(`--${option}=`);
