import { ExplainedBody } from "../../shared/adapters/holdfast-api/contract.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";
import { clockTime, levelText, modeBadge, paletteOf } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

/** Tells the way of one order, a line for each step and one for each reason. */
export const reportExplain = (input: VerbInput, context: VerbContext): Promise<ExitCode> =>
  withApi<ExitCode>(input, context, async (api) => {
    const path = `/api/orders/${encodeURIComponent(input.arguments[0] ?? "")}`;
    const { body, text } = orFail(await api.read(path, ExplainedBody));
    if (input.isJson) {
      context.write(`${text}\n`);
      return 0;
    }
    const palette = paletteOf(context);
    const price = body.averagePrice === null ? "" : ` at ${body.averagePrice}`;
    const lines = body.steps.flatMap(({ atMs, sentence, reasons }) => [
      `${palette.dim(clockTime(atMs))}  ${sentence}\n`,
      ...reasons.map((reason) => `${" ".repeat(10)}- ${reason}\n`),
    ]);
    context.write(
      `${modeBadge(body.mode, palette)} ${palette.bold(body.clientOrderId)}\n` +
        `${body.side} ${body.quantity} ${body.symbol} (${body.purpose}): ` +
        `${levelText(body.state, palette)}, ${body.filled} filled${price}\n${lines.join("")}`,
    );
    return 0;
  });
