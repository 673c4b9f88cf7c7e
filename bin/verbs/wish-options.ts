import type { VerbOption } from "../verb.ts";
import { stateOption } from "./state-option.ts";
import { urlOption } from "./url-option.ts";

/** What every verb takes that changes something: which Holdfast, and in whose name. */
export const wishOptions: readonly VerbOption[] = [
  urlOption,
  {
    flags: "--token <token>",
    description: "in whose name; by default HOLDFAST_TOKEN, or the local world's own token",
  },
  stateOption,
];

/** Answers the question that a terminal would ask. */
export const yesOption: VerbOption = {
  flags: "--yes",
  description: "do not ask; without a terminal nothing is asked anyway",
};

/** Why, for everybody who reads the alert or the status. */
export const reasonOption: VerbOption = {
  flags: "--reason <words>",
  description: "why, at most 300 characters; everybody will read it",
};
