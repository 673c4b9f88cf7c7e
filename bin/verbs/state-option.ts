import type { VerbOption } from "../verb.ts";

/**
 * Whose token is taken where none was given: that of the local world which keeps its state here.
 */
export const stateOption: VerbOption = {
  flags: "--state <dir>",
  description: "where the local world keeps its tokens",
  default: ".holdfast",
};
