import { ReconciledBody } from "../../shared/adapters/holdfast-api/contract/trading-state.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";
import { confirm } from "./confirm.ts";
import { modeBadge, paletteOf } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

const QUESTION =
  "Take over every position that nothing explains, and give up orders that the broker denies?";

/** Reconciles now; 0 when ledger and broker agree, 1 when they do not. */
export const reportReconcile = async (
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const adopt = input.options["adopt"] === true;
  if (adopt) await confirm(input, context, QUESTION);
  return withApi<ExitCode>(input, context, async (api) => {
    const { body, text } = orFail(await api.change("/api/reconcile", { adopt }, ReconciledBody));
    if (input.isJson) context.write(`${text}\n`);
    else {
      const palette = paletteOf(context);
      const verdict = body.isClean
        ? palette.green("Ledger and broker agree.")
        : palette.yellow("Ledger and broker are not found to agree.");
      context.write(
        `${modeBadge(body.mode, palette)} ${verdict} ${body.settled} orders settled, ` +
          `${body.cancelled} cancellations asked for, ${body.unknownLeft} of unknown fate left.\n` +
          body.differences.map((difference) => `- ${difference}\n`).join(""),
      );
    }
    return body.isClean ? 0 : 1;
  });
};
