import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createProbeVendors } from "../../shared/adapters/probe/probe-vendors.ts";
import { createStoredLedger } from "../../shared/adapters/stored/ledger.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { toSettings } from "../../shared/runtime/configuration-settings.ts";
import { readMarketDataMessage } from "../../shared/runtime/messages/market-data-message.ts";
import { createProbePipeline } from "../../shared/use-cases/probe/probe-pipeline.ts";
import { requireConfiguration } from "../read-configuration.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";
import { modeBadge, paletteOf } from "./text.ts";

/** Probes here, on stores in memory; 0 where the signal came all the way, else 2. */
export const reportProbe = async (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const configuration = requireConfiguration(String(input.options["config"]), context.environment);
  const region = "local";
  // Nothing that it does can reach a broker, whatever the mode of what runs here.
  const mode = "sim";
  const probe = createProbePipeline({
    connectVendors: createProbeVendors(),
    readMessage: readMarketDataMessage,
    ledger: createStoredLedger(createMemoryItemStore()),
    telemetry: createStoredTelemetry(createMemoryItemStore(), { region }),
    clock: createHostClock(),
    settings: toSettings(configuration, { mode, region }),
  });
  const report = await probe();
  if (input.isJson) context.write(`${JSON.stringify({ mode, ...report }, undefined, 2)}\n`);
  else {
    const palette = paletteOf(context);
    const verdict = report.passed ? palette.green("passed") : palette.red("failed");
    context.write(`${modeBadge(mode, palette)} The probe ${verdict}. ${report.detail}\n`);
    for (const field of report.lost) context.write(`  lost: ${field}\n`);
  }
  return report.passed ? 0 : 2;
};
