import { existsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { ScenarioResult } from "../../local/chaos/judge-scenario.ts";
import { playInProcess } from "../../local/chaos/play-in-process.ts";
import { runChaos, type ChaosReport } from "../../local/chaos/run-chaos.ts";
import { SCENARIOS, type ChaosScenario } from "../../local/chaos/scenarios.ts";
import { drillSettings } from "../../local/drills/drill-settings.ts";
import { DrillFault } from "../../local/drills/drill-world.ts";
import { CHAOS_SUMMARY } from "../../shared/domain/chaos/chaos-mode.ts";
import { requireConfiguration } from "../read-configuration.ts";
import { drillExitCode } from "../reports/drill-verdict.ts";
import { paletteOf, table, type Palette } from "../reports/text.ts";
import { usageFault, VerbFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";
import { chaosDocument, milliseconds, minutes } from "./chaos-document.ts";

/** More symbols show nothing more, and take longer. */
const SYMBOLS_MAX = 8;
const SEED_MAX = 2 ** 32 - 1;
const SPEED_MAX = 120;
/** They share this process: more would measure each other. */
const AT_ONCE_MAX = 8;

/** Lists what can be broken, or plays it in local worlds: 0 if it held, 1 if stopped, else 2. */
export const runChaosVerb = async (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const [action, names] = input.arguments;
  if (action === "list") return listScenarios(input, context);
  const { options, isJson } = input;
  const docs = readDocs(options["writeDocs"]);
  const scenarios = readScenarios(names, options["all"] === true);
  const request = {
    scenarios,
    seed: readWhole("--seed", options["seed"], 0, SEED_MAX),
    speed: readWhole("--speed", options["speed"], 1, SPEED_MAX),
    atOnce: readWhole("--at-once", options["atOnce"], 1, AT_ONCE_MAX),
    stopped: context.stopped,
  };
  const configuration = requireConfiguration(String(options["config"]), context.environment);
  const settings = drillSettings(configuration);
  const report = await orVerbFault(() =>
    runChaos({
      ...request,
      settings: { ...settings, symbols: settings.symbols.slice(0, SYMBOLS_MAX) },
      ...(request.atOnce === 1 ? {} : { play: playElsewhere(input, context) }),
      onScenario: ({ name }, index) =>
        context.writeError(
          `${index + 1} of ${scenarios.length}: ${name}. ${CHAOS_SUMMARY[name]}\n`,
        ),
      onResult: (result) => context.writeError(`  ${result.name} ${progressOf(result)}\n`),
    }),
  );
  if (docs !== undefined) writeDocument(docs, report, context);
  context.write(isJson ? chaosJson(report) : chaosText(report, context));
  return drillExitCode({ ...report, rows: report.scenarios });
};

/** A share of what was not played is none, and no number. */
const chaosJson = (report: ChaosReport): string => {
  const cascadesPrevented = report.scenarios.length === 0 ? null : report.cascadesPrevented;
  return `${JSON.stringify({ ...report, cascadesPrevented }, undefined, 2)}\n`;
};

/** Half a run is no document: what is missing from it would pass for what was never broken. */
const writeDocument = (docs: string, report: ChaosReport, context: VerbContext): void => {
  if (report.isStopped) context.writeError(`It was stopped; ${docs} stays as it was.\n`);
  else writeFileSync(docs, chaosDocument(report));
};

/** A run takes minutes; where its document goes is looked at before. */
const readDocs = (docs: string | boolean | undefined): string | undefined => {
  if (typeof docs !== "string") return undefined;
  if (existsSync(dirname(docs))) return docs;
  throw usageFault(`--write-docs: there is no directory ${dirname(docs)}.`);
};

const CLI = fileURLToPath(new URL("../holdfast.mjs", import.meta.url));

/** In a process of its own, with the same options. */
const playElsewhere =
  ({ options }: VerbInput, { stopped }: VerbContext) =>
  (scenario: ChaosScenario): Promise<ScenarioResult> => {
    const words = ["seed", "speed", "config"].flatMap((name) => [`--${name}`, `${options[name]}`]);
    return playInProcess(scenario, { command: [process.execPath, CLI], words, stopped });
  };

const orVerbFault = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DrillFault) throw new VerbFault(error.message, 2, { cause: error });
    throw error;
  }
};

const progressOf = (result: ScenarioResult): string =>
  result.ok
    ? `held: alert ${milliseconds(result.signToAlertMs)} after the first sign, ` +
      `well again ${minutes(result.recoverMs)} after its end.`
    : `did not hold: ${result.broken.join(" ")}`;

const listScenarios = (input: VerbInput, context: VerbContext): ExitCode => {
  const list = SCENARIOS.map(({ name }) => ({ name, breaks: CHAOS_SUMMARY[name] }));
  if (input.isJson) context.write(`${JSON.stringify(list, undefined, 2)}\n`);
  else {
    const rows = list.map(({ name, breaks }) => [name, breaks]);
    context.write(table(LIST_COLUMNS, rows, paletteOf(context)));
  }
  return 0;
};

const readScenarios = (names: string | undefined, isAll: boolean): readonly ChaosScenario[] => {
  if (names === undefined && isAll) return SCENARIOS;
  const wanted = new Set((names ?? "").split(",").map((name) => name.trim()));
  const found = SCENARIOS.filter(({ name }) => wanted.has(name));
  if (found.length === wanted.size) return found;
  const known = SCENARIOS.map((scenario) => scenario.name).join(", ");
  const strange = [...wanted].find((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  const none = names === undefined ? "" : `; there is no failure ${JSON.stringify(strange)}`;
  throw usageFault(`chaos run takes --all, or some of ${known}${none}.`);
};

const readWhole = (
  name: string,
  value: string | boolean | undefined,
  least: number,
  most: number,
): number => {
  const whole = typeof value === "string" && /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (whole >= least && whole <= most) return whole;
  throw usageFault(`${name} takes a whole number from ${least} to ${most}, not ${String(value)}.`);
};

const chaosText = (report: ChaosReport, context: VerbContext): string => {
  const palette = paletteOf(context);
  const rows = report.scenarios.map((one) => [
    one.name,
    one.ok ? palette.green("held") : palette.red("BROKEN"),
    minutes(one.detectMs),
    milliseconds(one.signToAlertMs),
    minutes(one.tradesAgainMs),
    minutes(one.recoverMs),
    `${one.ordersDoubled}/${one.ordersUnguarded}`,
    `${one.dataLost.length}`,
    `${one.cascaded.length} of ${one.bystanders}`,
  ]);
  const broken = report.scenarios.flatMap(({ name, broken: why }) =>
    why.map((sentence) => `${name}: ${sentence}\n`),
  );
  const verdict = report.isStopped ? stoppedVerdict(report, palette) : sumsOf(report);
  return [table(COLUMNS, rows, palette), ...broken, verdict].join("");
};

const sumsOf = (report: ChaosReport): string => {
  const share = (report.cascadesPrevented * 100).toFixed(1);
  return [
    `Slowest alert ${milliseconds(report.signToAlertMaxMs)} after the first sign; `,
    `recovered after ${minutes(report.recoverMeanMs)} in the mean, ${minutes(report.recoverMaxMs)} at most; `,
    `${share} % of cascades prevented. `,
    report.ok ? "Everything held.\n" : "Not everything held.\n",
  ].join("");
};

const stoppedVerdict = ({ scenarios }: ChaosReport, palette: Palette): string => {
  const broken = scenarios.filter(({ ok }) => !ok).length;
  const rest = broken === 0 ? "" : ` ${broken} of them did not hold.`;
  return `${palette.yellow("STOPPED before its end.")} Failures finished: ${scenarios.length}.${rest}\n`;
};

const LIST_COLUMNS = [
  { title: "FAILURE", align: "left" },
  { title: "WHAT IT BREAKS", align: "left" },
] as const;

const COLUMNS = [
  { title: "FAILURE", align: "left" },
  { title: "VERDICT", align: "left" },
  { title: "FIRST SIGN", align: "right" },
  { title: "SIGN TO ALERT", align: "right" },
  { title: "TRADES AGAIN", align: "right" },
  { title: "WELL AGAIN", align: "right" },
  { title: "DOUBLED/UNGUARDED", align: "right" },
  { title: "LOST", align: "right" },
  { title: "CASCADED", align: "right" },
] as const;
