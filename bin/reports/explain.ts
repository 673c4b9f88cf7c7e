import { ExplainedBody } from "../../shared/adapters/holdfast-api/contract/orders.ts";
import {
  accountOfClientOrderId,
  parseClientOrderId,
  type ClientOrderId,
} from "../../shared/domain/orders/client-order-id.ts";
import { usageFault, VerbFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";
import { clockTime, levelText, modeBadge, paletteOf } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

/** Tells the way of one order, a line for each step and one for each reason. */
export const reportExplain = (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const id = parseClientOrderId(input.arguments[0] ?? "");
  if (id === undefined) {
    throw usageFault(
      "`explain` takes a client order id, as `orders --json` has it, " +
        "such as hf_core_main_SPY_20131007_0935_buy_entry_0.",
    );
  }
  return withApi<ExitCode>(input, context, async (api) => {
    const path = `/api/orders/${encodeURIComponent(id)}`;
    const read = await api.read(path, ExplainedBody);
    if (!read.ok && read.error.missing?.includes(id) === true) {
      throw missingFault(id, api.url, input, context);
    }
    const { body, text } = orFail(read);
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
        `${levelText(body.state, palette)}, ${body.filled} filled${price}\n${lines.join("")}` +
        sealsText(body),
    );
    return 0;
  });
};

/** With --json the document says it too, so that a script need not read sentences. */
const missingFault = (
  clientOrderId: ClientOrderId,
  url: string,
  { isJson }: VerbInput,
  context: VerbContext,
): VerbFault => {
  const account = accountOfClientOrderId(clientOrderId);
  const sentence =
    `There is no order ${clientOrderId} in the ledger of account ${account} at ${url}; ` +
    "`orders` lists the session's, and --url asks another Holdfast.";
  const document = { clientOrderId, account, url, isKnown: false, detail: sentence };
  if (isJson) context.write(`${JSON.stringify(document)}\n`);
  return new VerbFault(sentence);
};

/** Under which records of the audit its history is sealed, the newest with the most of it. */
const sealsText = ({ seals }: ReturnType<typeof ExplainedBody.parse>): string => {
  if (seals === null) return "The audit cannot be read now: whether it is sealed is not known.\n";
  if (seals.length === 0) return "It is not sealed in the audit yet; it is within a minute.\n";
  const records = seals.map(({ sequence, events }) => `${sequence} (${events} events)`);
  return `Sealed in the audit under ${records.length === 1 ? "record" : "records"} ${records.join(", ")}.\n`;
};
