import { existsSync, writeFileSync } from "node:fs";
import { clearChaos, injectChaos } from "../../local/chaos/file-chaos.ts";
import { runChaos, type ChaosReport } from "../../local/chaos/run-chaos.ts";
import { SCENARIOS, type ChaosScenario } from "../../local/chaos/scenarios.ts";
import { drillSettings } from "../../local/drills/drill-settings.ts";
import { CHAOS_SUMMARY, parseChaosMode } from "../../shared/domain/chaos/chaos-mode.ts";
import { requireConfiguration } from "../read-configuration.ts";
import { paletteOf, table } from "../reports/text.ts";
import { usageFault, VerbFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";
import { chaosDocument, minutes } from "./chaos-document.ts";

/** More symbols show nothing more, and take longer. */
const SYMBOLS_MAX = 8;
const SEED_MAX = 2 ** 32 - 1;

/** Lists what can be broken, or plays it; 0 only if everything held. */
export const runChaosVerb = async (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const [action, name] = input.arguments;
  if (action === "list") return listScenarios(input, context);
  if (action === "inject" || action === "clear") return disturb(action, input, context);
  const scenarios = readScenarios(name, input.options["all"] === true);
  const configuration = requireConfiguration(String(input.options["config"]), context.environment);
  const settings = drillSettings(configuration);
  const report = await runChaos({
    settings: { ...settings, symbols: settings.symbols.slice(0, SYMBOLS_MAX) },
    seed: readSeed(input.options["seed"]),
    scenarios,
    stopped: context.stopped,
    onScenario: (scenario, index) =>
      context.writeError(
        `${index + 1} of ${scenarios.length}: ${scenario.name}. ${CHAOS_SUMMARY[scenario.name]}\n`,
      ),
  });
  const docs = input.options["writeDocs"];
  if (typeof docs === "string") writeFileSync(docs, chaosDocument(report));
  context.write(
    input.isJson ? `${JSON.stringify(report, undefined, 2)}\n` : chaosText(report, context),
  );
  return report.ok ? 0 : 2;
};

/** What strikes once is done to a store, which a world that runs has open for itself. */
const ONLY_PLAYED: readonly string[] = ["queue_poison", "config_drift"];

const disturb = (action: "inject" | "clear", input: VerbInput, context: VerbContext): ExitCode => {
  const state = String(input.options["state"]);
  if (!existsSync(state)) throw new VerbFault(`No world keeps its state in ${state}.`);
  if (action === "clear") {
    clearChaos(state);
    context.write("Nothing is broken on purpose any more.\n");
    return 0;
  }
  const name = input.arguments[1];
  const mode = parseChaosMode(name);
  const isKnown = mode !== undefined && mode !== "off" && name !== undefined;
  if (!isKnown || ONLY_PLAYED.includes(mode)) {
    throw usageFault(`chaos inject takes a failure of chaos list but ${ONLY_PLAYED.join(", ")}.`);
  }
  injectChaos(state, mode);
  context.write(`${mode}: ${CHAOS_SUMMARY[mode]} End it with chaos clear.\n`);
  return 0;
};

const listScenarios = (input: VerbInput, context: VerbContext): ExitCode => {
  const list = SCENARIOS.map(({ name }) => ({ name, breaks: CHAOS_SUMMARY[name] }));
  if (input.isJson) context.write(`${JSON.stringify(list, undefined, 2)}\n`);
  else {
    const rows = list.map(({ name, breaks }) => [name, breaks]);
    context.write(table(LIST_COLUMNS, rows, paletteOf(context)));
  }
  return 0;
};

const readScenarios = (name: string | undefined, isAll: boolean): readonly ChaosScenario[] => {
  if (name === undefined && isAll) return SCENARIOS;
  const found = SCENARIOS.filter((scenario) => scenario.name === name);
  if (found.length > 0) return found;
  const known = SCENARIOS.map((scenario) => scenario.name).join(", ");
  throw usageFault(`chaos run takes --all or one of ${known}.`);
};

const readSeed = (value: string | boolean | undefined): number => {
  const seed = typeof value === "string" && /^\d{1,10}$/.test(value) ? Number(value) : NaN;
  if (seed <= SEED_MAX) return seed;
  throw usageFault(`--seed takes a whole number from 0 to ${SEED_MAX}, not ${String(value)}.`);
};

const chaosText = (report: ChaosReport, context: VerbContext): string => {
  const palette = paletteOf(context);
  const rows = report.scenarios.map((one) => [
    one.name,
    one.ok ? palette.green("held") : palette.red("BROKEN"),
    minutes(one.detectMs),
    minutes(one.alertMs),
    minutes(one.tradesAgainMs),
    minutes(one.recoverMs),
    `${one.ordersDoubled}/${one.ordersUnguarded}`,
    `${one.dataLost.length}`,
  ]);
  const broken = report.scenarios.flatMap(({ name, broken: why }) =>
    why.map((sentence) => `${name}: ${sentence}\n`),
  );
  const share = (report.cascadesPrevented * 100).toFixed(1);
  return [
    table(COLUMNS, rows, palette),
    ...broken,
    `${share} % of what was not struck stayed up. `,
    report.ok ? "Everything held.\n" : "Not everything held.\n",
  ].join("");
};

const LIST_COLUMNS = [
  { title: "FAILURE", align: "left" },
  { title: "WHAT IT BREAKS", align: "left" },
] as const;

const COLUMNS = [
  { title: "FAILURE", align: "left" },
  { title: "VERDICT", align: "left" },
  { title: "DETECTED", align: "right" },
  { title: "ALERTED", align: "right" },
  { title: "TRADES AGAIN", align: "right" },
  { title: "HEALTHY AGAIN", align: "right" },
  { title: "DOUBLED/UNGUARDED", align: "right" },
  { title: "LOST", align: "right" },
] as const;
