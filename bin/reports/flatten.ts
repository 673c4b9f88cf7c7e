import { FlattenedBody } from "../../shared/adapters/holdfast-api/contract/trading-state.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";
import { confirm } from "./confirm.ts";
import { proofText } from "./proof-text.ts";
import { readReason } from "./read-reason.ts";
import { paletteOf } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

/** Flattens; 0 when it is proven that all is flat, 1 while exits are on their way. */
export const reportFlatten = async (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const reason = readReason(input);
  const suspendAtBroker = input.options["suspend"] === true;
  const after = suspendAtBroker ? " and then have the broker refuse every order" : "";
  await confirm(input, context, `Close every position at the market${after}?`);
  return withApi<ExitCode>(input, context, async (api) => {
    const wish = { reason, suspendAtBroker };
    const { body, text } = orFail(await api.change("/api/trading/flatten", wish, FlattenedBody));
    if (input.isJson) context.write(`${text}\n`);
    else {
      const exits = body.exits.map((id) => `Exit sent: ${id}\n`).join("");
      context.write(`${proofText(body, paletteOf(context))}${exits}`);
    }
    return body.isProven ? 0 : 1;
  });
};
