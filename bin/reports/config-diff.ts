import { ConfigurationBody } from "../../shared/adapters/holdfast-api/contract/configuration.ts";
import {
  differencesOf,
  policyOf,
  type PolicyDifference,
} from "../../shared/domain/policy/trading-policy.ts";
import { toSettings } from "../../shared/runtime/configuration-settings.ts";
import { requireConfiguration } from "../read-configuration.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";
import { paletteOf, table } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

/**
 * Compares the configuration with another file, or, where none is named, its policy (weights,
 * thresholds, entry, exit, limits) with the one that runs; 1 where they differ.
 */
export const reportDifference = async (
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const file = String(input.options["config"]);
  const [, other] = input.arguments;
  const mine = requireConfiguration(file, context.environment);
  if (other !== undefined) {
    // The environment stands above both files alike, so that it is no difference.
    const theirs = requireConfiguration(other, context.environment);
    return write(input, context, { left: file, right: other }, differencesOf(mine, theirs));
  }
  const settings = toSettings(mine, { mode: "sim", region: "local" });
  return withApi<ExitCode>(input, context, async (api) => {
    const { body } = orFail(await api.read("/api/configuration", ConfigurationBody));
    const differences = differencesOf(policyOf(settings), body.policy);
    const right = `what runs (${body.mode}${body.isSigned ? ", signed" : ""})`;
    if (body.drift !== null && !input.isJson) context.write(`${body.drift}\n`);
    return write(input, context, { left: file, right }, differences);
  });
};

const write = (
  input: VerbInput,
  context: VerbContext,
  names: { readonly left: string; readonly right: string },
  differences: readonly PolicyDifference[],
): ExitCode => {
  const { left, right } = names;
  if (input.isJson) {
    const rows = differences.map(({ path, signed, found }) => ({
      path,
      left: signed,
      right: found,
    }));
    context.write(`${JSON.stringify({ left, right, differences: rows })}\n`);
  } else if (differences.length === 0) {
    context.write(`${left} and ${right} are the same.\n`);
  } else {
    const rows = differences.map(({ path, signed, found }) => [path, signed ?? "", found ?? ""]);
    const columns = [
      { title: "PATH", align: "left" },
      { title: left, align: "right" },
      { title: right, align: "right" },
    ] as const;
    context.write(table(columns, rows, paletteOf(context)));
  }
  return differences.length === 0 ? 0 : 1;
};
