import { HaltedBody } from "../../shared/adapters/holdfast-api/contract/trading-state.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";
import { proofText } from "./proof-text.ts";
import { readReason } from "./read-reason.ts";
import { paletteOf } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

/** Halts; 0 when it is proven that no entry works, 1 while it is not. */
export const reportHalt = (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const reason = readReason(input);
  return withApi<ExitCode>(input, context, async (api) => {
    const { body, text } = orFail(await api.change("/api/trading/halt", { reason }, HaltedBody));
    context.write(input.isJson ? `${text}\n` : proofText(body, paletteOf(context)));
    return body.isProven ? 0 : 1;
  });
};
