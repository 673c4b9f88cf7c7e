import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { drillSettings } from "../../local/drills/drill-settings.ts";
import { DrillFault } from "../../local/drills/drill-world.ts";
import { drillFailover, type FailoverDrill } from "../../local/drills/failover/drill-failover.ts";
import { drillKills } from "../../local/drills/kills/drill-kills.ts";
import { drillOrders } from "../../local/drills/orders/drill-orders.ts";
import { drillRestore } from "../../local/drills/restore/drill-restore.ts";
import { drillVendors } from "../../local/drills/vendors/drill-vendors.ts";
import { createStepFunctionsClient } from "../../shared/adapters/aws/clients.ts";
import { createWorkflowRuns } from "../../shared/adapters/aws/workflow-runs.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { createHostRandom } from "../../shared/adapters/host/random.ts";
import { createFileArchive } from "../../shared/adapters/host/file-archive.ts";
import { createStoredFailoverReports } from "../../shared/adapters/stored/failover-reports.ts";
import { RetryableError } from "../../shared/domain/fault.ts";
import { createProgressLine } from "../progress-line.ts";
import { requireConfiguration } from "../read-configuration.ts";
import { drillExitCode } from "../reports/drill-verdict.ts";
import { failoverDrillText } from "../reports/drill-failover.ts";
import { killDrillText } from "../reports/drill-kills.ts";
import { restoreDrillText } from "../reports/drill-restore.ts";
import { orderDrillText } from "../reports/drill-orders.ts";
import { vendorDrillText } from "../reports/drill-vendors.ts";
import { modeBadge, paletteOf } from "../reports/text.ts";
import { usageFault, VerbFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";
import {
  type DeployedDrillWish,
  drillOnAws,
  type DrillOnAwsDeps,
  readDeployedDrill,
} from "./drill-on-aws.ts";
import { readDrill, type DrillRequest } from "./read-drill.ts";

/** Runs a drill and prints what it measured: 0 if everything held, 1 if it was stopped, else 2. */
export const runDrill = async (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  if (input.options["onAws"] !== undefined) {
    const wish = readDeployedDrill(input);
    return drillOnAws(wish, input, context, connectDrill(wish, context));
  }
  const request = readDrill(input);
  try {
    switch (request.what) {
      case "orders":
        return await runOrders(request, input, context);
      case "kills":
        return await runKills(request, input, context);
      case "restore":
        return await runRestore(request, input, context);
      case "failover":
        return await runFailover(request, input, context);
      case "vendors":
        return await runVendors(request, input, context);
    }
  } catch (error) {
    if (error instanceof DrillFault) throw new VerbFault(error.message, 2, { cause: error });
    throw error;
  }
};

const LOOK_EVERY_MS = 5_000;

/** Step Functions of the workflow's own Region, with the operator's credentials. */
const connectDrill = (
  { region }: DeployedDrillWish,
  { environment, stopped }: VerbContext,
): DrillOnAwsDeps => {
  if ((environment["AWS_ACCESS_KEY_ID"] ?? "") === "") {
    throw usageFault("--on-aws needs AWS credentials: AWS_ACCESS_KEY_ID and what goes with it.");
  }
  return {
    runs: createWorkflowRuns(createStepFunctionsClient({ region })),
    nowMs: createHostClock().nowMs,
    newName: () => `cli-${createHostRandom().id()}`,
    wait: async () => {
      await delay(LOOK_EVERY_MS, undefined, { signal: stopped }).catch(() => undefined);
      return !stopped.aborted;
    },
  };
};

/** It takes minutes, so that it says where it is, on stderr and a line a scenario. */
const runFailover = async (
  request: DrillRequest,
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const { failovers: scenarios, seed, speed } = request;
  const drill = await drillFailover({
    scenarios,
    seed,
    speed,
    settings: drillSettings(requireConfiguration(request.config, context.environment)),
    stopped: context.stopped,
    onScenario: ({ name, summary }, index) =>
      context.writeError(`${index + 1} of ${scenarios.length}: ${name}. ${summary}\n`),
    onRepeat: ({ name }, slower) =>
      context.writeError(
        `  This machine stood still while it was to be ${speed} times as fast as the world; ` +
          `${name} is run anew at ${slower}.\n`,
      ),
  });
  const exitCode = tell(drill, failoverDrillText, { input, context });
  // The page judges what it shows; half a drill is nothing to be judged.
  if (!drill.isStopped) await keepReport(drill, request, context);
  return exitCode;
};

/** The page of the local world that keeps its state there shows it. */
const keepReport = async (
  { isStopped: _isStopped, ...report }: FailoverDrill,
  { state }: DrillRequest,
  context: VerbContext,
): Promise<void> => {
  try {
    await createStoredFailoverReports(createFileArchive(join(state, "archive"))).keep(report);
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
    context.writeError(`The report was not kept in ${state}. ${error.message}\n`);
  }
};

/** This very program, for drills that kill it. */
const HOLDFAST = [
  process.execPath,
  fileURLToPath(new URL("../holdfast.mjs", import.meta.url)),
] as const;

const runKills = async (
  request: DrillRequest,
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const progress = createProgressLine(input, context);
  const { times, seed, speed } = request;
  const drill = await drillKills({
    times,
    seed,
    speed,
    configuration: requireConfiguration(request.config, context.environment),
    command: HOLDFAST,
    stopped: context.stopped,
    onKill: (kill) => {
      progress.show(`Killed ${kill} of ${times} times.`);
    },
  });
  progress.clear();
  return tellWhole("kills", drill, killDrillText, { input, context });
};

const runRestore = async (
  request: DrillRequest,
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const { seed, speed } = request;
  const drill = await drillRestore({
    seed,
    speed,
    configuration: requireConfiguration(request.config, context.environment),
    command: HOLDFAST,
    stopped: context.stopped,
    onStep: (step) => context.writeError(`${step}\n`),
  });
  return tellWhole("restore", drill, restoreDrillText, { input, context });
};

const runOrders = async (
  request: DrillRequest,
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const configuration = requireConfiguration(request.config, context.environment);
  const progress = createProgressLine(input, context);
  const { plans, seed, speed } = request;
  const drill = await drillOrders({
    plans,
    seed,
    speed,
    settings: drillSettings(configuration),
    stopped: context.stopped,
    onFault: ({ name, summary }, index) => {
      progress.show(`${index + 1} of ${plans.length}: ${name}. ${summary}`);
    },
  });
  progress.clear();
  return tell(drill, orderDrillText, { input, context });
};

/** A long drill says where it is, on stderr and a line a scenario, whoever looks. */
const runVendors = async (
  request: DrillRequest,
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const { scenarios: plans, seed, speed, seconds } = request;
  const drill = await drillVendors({
    plans,
    seed,
    speed,
    seconds,
    settings: drillSettings(requireConfiguration(request.config, context.environment)),
    stopped: context.stopped,
    onPlan: ({ name, summary }, index) =>
      context.writeError(`${index + 1} of ${plans.length}: ${name}. ${summary}\n`),
    onRow: ({ faults }) => {
      for (const fault of faults) context.writeError(`  ${fault}\n`);
    },
  });
  return tell(drill, vendorDrillText, { input, context });
};

type Shell = { readonly input: VerbInput; readonly context: VerbContext };

/** Prints the rows of a drill, as one JSON document or for a person. */
const tell = <Drill extends Parameters<typeof drillExitCode>[0]>(
  drill: Drill,
  textOf: (drill: Drill, context: VerbContext) => string,
  { input, context }: Shell,
): ExitCode => {
  context.write(input.isJson ? `${JSON.stringify(drill, undefined, 2)}\n` : textOf(drill, context));
  return drillExitCode(drill);
};

/** The same for a drill that measures once, at its end: stopped, it has nothing to tell. */
const tellWhole = <Drill extends { readonly mode: "sim"; readonly ok: boolean }>(
  what: DrillRequest["what"],
  measured: Drill | undefined,
  textOf: (drill: Drill, context: VerbContext) => string,
  shell: Shell,
): ExitCode => {
  const { input, context } = shell;
  const isStopped = measured === undefined;
  const drill = measured ?? ({ what, mode: "sim", ok: false } as const);
  if (input.isJson) context.write(`${JSON.stringify({ ...drill, isStopped }, undefined, 2)}\n`);
  else if (isStopped) context.write(stoppedText(what, context));
  else context.write(textOf(measured, context));
  if (isStopped) return 1;
  return measured.ok ? 0 : 2;
};

const stoppedText = (what: DrillRequest["what"], context: VerbContext): string => {
  const palette = paletteOf(context);
  const verdict = palette.yellow("STOPPED before its end; nothing was measured.");
  return `${modeBadge("sim", palette)} Drill of ${what}: ${verdict}\n`;
};
