import { stripVTControlCharacters } from "node:util";
import { type Benchmark, type BenchmarkRow, NotMeasurable, toRow } from "./benchmark.ts";
import { breakerCall, breakerCallOpossum, breakerRefusal, retryBreakerTimeout } from "./breaker.ts";
import { cascadesPrevented, faultToAlert, timeToRecover } from "./chaos.ts";
import { claimsPerSecond } from "./claims-per-second.ts";
import { coldStartPoll, coldStartScore } from "./cold-start.ts";
import { firstFill } from "./first-fill.ts";
import { guardDecision } from "./guard-decision.ts";
import { healthLatency } from "./health-latency.ts";
import { healthRequests } from "./health-requests.ts";
import { hedgeExtra, hedgeTail } from "./hedge-tail.ts";
import { help, helpVerb } from "./help.ts";
import { ledgerWritesPerOrder } from "./ledger-writes-per-order.ts";
import { leaseCost } from "./lease-cost.ts";
import { orderCost } from "./order-cost.ts";
import { orderLatency, orderLatencyOwn } from "./order-latency.ts";
import { pollLatency } from "./poll-latency.ts";
import { replayRecorded } from "./replay-recorded.ts";
import { replayWide } from "./replay.ts";
import {
  simulationEngine,
  simulationMemory,
  simulationPipeline,
  simulationSeeds,
} from "./simulation.ts";
import { restoreRate, restoreYear } from "./restore.ts";
import { startReady } from "./start-ready.ts";
import { failover503, failoverHang, failoverRefused } from "./vendor-failover.ts";
import { validationBatch, validationTypebox, validationZod } from "./validation.ts";

/** In the order in which they run when none is named; later issues add theirs here. */
const BENCHMARKS: readonly Benchmark[] = [
  replayWide,
  replayRecorded,
  simulationEngine,
  simulationPipeline,
  simulationSeeds,
  simulationMemory,
  guardDecision,
  breakerCall,
  breakerCallOpossum,
  retryBreakerTimeout,
  breakerRefusal,
  hedgeTail,
  hedgeExtra,
  failoverHang,
  failover503,
  failoverRefused,
  validationZod,
  validationTypebox,
  validationBatch,
  healthLatency,
  healthRequests,
  faultToAlert,
  timeToRecover,
  cascadesPrevented,
  restoreRate,
  restoreYear,
  orderLatency,
  orderLatencyOwn,
  pollLatency,
  coldStartPoll,
  coldStartScore,
  claimsPerSecond,
  ledgerWritesPerOrder,
  orderCost,
  leaseCost,
  help,
  helpVerb,
  startReady,
  firstFill,
];

const USAGE = `Usage: npm run bench -- [NAME…] [--json]
Names: ${BENCHMARKS.map(({ name }) => name).join(", ")}
`;

/** Measures what the words name, prints it, and returns the exit code: 0, 2 or 64. */
const run = async (words: readonly string[]): Promise<0 | 2 | 64> => {
  const isJson = words.includes("--json");
  const names = words.filter((word) => word !== "--json");
  if (names.includes("--help") || names.includes("-h")) {
    process.stdout.write(USAGE);
    return 0;
  }
  const unknown = names.find((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
  if (unknown !== undefined) {
    process.stderr.write(`bench: There is no benchmark ${clean(unknown)}.\n${USAGE}`);
    return 64;
  }
  const chosen = BENCHMARKS.filter(({ name }) => names.length === 0 || names.includes(name));
  const rows: BenchmarkRow[] = [];
  let isWhole = true;
  for (const benchmark of chosen) {
    const row = await measure(benchmark);
    if (row === undefined) isWhole = false;
    else rows.push(row);
    if (row !== undefined && !isJson) process.stdout.write(`${rowToText(row)}\n`);
  }
  if (isJson) process.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
  return isWhole ? 0 : 2;
};

/** The row, or nothing where it cannot be measured; stderr says why. */
const measure = async (benchmark: Benchmark): Promise<BenchmarkRow | undefined> => {
  const report = (note: string): void => {
    process.stderr.write(`bench: ${benchmark.name}: ${note}\n`);
  };
  try {
    return toRow(benchmark, await benchmark.measure(report));
  } catch (error) {
    if (!(error instanceof NotMeasurable)) throw error;
    report(error.message);
    return undefined;
  }
};

const rowToText = (row: BenchmarkRow): string => {
  const verdict = row.ok === null ? "" : row.ok ? "  ok" : "  MISSED";
  const goal = row.goal === null ? "" : `  goal ${row.goal}`;
  const peer = row.peer === null ? "" : `  ${row.peer} ${row.peerValue} (x${row.ratio})`;
  return `${row.name.padEnd(18)} ${row.ours.toString().padStart(10)} ${row.unit}${peer}${goal}${verdict}`;
};

const clean = (word: string): string => stripVTControlCharacters(word).slice(0, 80);

process.exitCode = await run(process.argv.slice(2));
