import { VerbFault, type VerbContext, type VerbInput } from "../verb.ts";

/**
 * Asks the person at the terminal; throws `VerbFault` unless the answer is `yes`. Where nobody
 * sits, or with `--yes`, nothing is asked: the command line itself is the decision.
 */
export const confirm = async (
  input: VerbInput,
  context: VerbContext,
  question: string,
): Promise<void> => {
  if (context.ask === undefined || input.options["yes"] === true) return;
  const answer = await context.ask(`${question} Type yes to go on: `);
  if (answer.trim().toLowerCase() !== "yes") throw new VerbFault("Nothing was done.");
};
