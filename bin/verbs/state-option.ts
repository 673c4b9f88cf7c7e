import type { VerbOption } from "../verb.ts";

/** The local world that is meant: its token is taken where none was given. */
export const stateOption: VerbOption = {
  flags: "--state <dir>",
  description: "where the local world keeps its state, and its tokens",
  default: ".holdfast",
};
