import type { VerbOption } from "../verb.ts";

/** Which Holdfast a verb asks: the local world by default, a deployment's API just as well. */
export const urlOption: VerbOption = {
  flags: "--url <address>",
  description: "the API to ask; a token is taken from HOLDFAST_TOKEN",
  default: "http://127.0.0.1:4477",
};
