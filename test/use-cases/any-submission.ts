import * as fc from "fast-check";
import type { Submission } from "./trading-account.ts";

/** Whatever the broker may do with a submission, but refuse the credentials. */
export const anySubmission = fc.constantFrom<Submission>(
  "accept",
  "acceptAndFill",
  "acceptAndLoseAnswer",
  "loseRequest",
  "reject",
  "refuseRate",
);
