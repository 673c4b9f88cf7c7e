import * as z from "zod";
import type { FailoverReport } from "../../domain/failover/failover-report.ts";
import type { FailoverRow } from "../../domain/failover/failover-row.ts";
import type { Archive } from "../../ports/archive.ts";
import type { FailoverReports } from "../../ports/failover-reports.ts";
import { EpochMsCodec } from "./codecs/primitives.ts";

const Count = z.int().min(0);
const Seconds = z.nullable(Count);

const RowCodec: z.ZodType<FailoverRow> = z.object({
  scenario: z.string(),
  from: z.string(),
  to: z.string(),
  speed: z.number().positive(),
  ordersSent: Count,
  doubled: Count,
  unguarded: Count,
  lost: Count,
  unknownLeft: Count,
  secondsToFence: Seconds,
  secondsToActive: Seconds,
  alerts: z.array(z.string()),
  tradesAgain: z.boolean(),
  ledgerEqualsBroker: z.boolean(),
  isRestored: z.boolean(),
  differences: z.array(z.string()),
  ok: z.boolean(),
});

const ReportCodec: z.ZodType<FailoverReport> = z.object({
  what: z.literal("failover"),
  mode: z.string(),
  place: z.enum(["local", "aws"]),
  startedAtMs: EpochMsCodec,
  endedAtMs: EpochMsCodec,
  seed: z.nullable(Count),
  speed: z.number().positive(),
  repeated: z.array(z.string()).max(100),
  rows: z.array(RowCodec).max(100),
  totals: z.object({
    failovers: Count,
    doubled: Count,
    unguarded: Count,
    lost: Count,
    secondsToFence: Seconds,
    secondsToActive: Seconds,
  }),
  ok: z.boolean(),
});

const PREFIX = "drills/reports/";
/** An archive lists from the first key on, so that the newest has to come first. */
const LAST_MS = 9_999_999_999_999;

/** Reports as objects of an archive, one a drill. */
export const createStoredFailoverReports = (
  archive: Pick<Archive, "write" | "read" | "list">,
): FailoverReports => ({
  keep: (report) => archive.write(keyOf(report), JSON.stringify(report)),
  list: async (limit) => {
    const keys = await archive.list(PREFIX, limit);
    const texts = await Promise.all(keys.map((key) => archive.read(key)));
    return texts.flatMap((text) => readReport(text) ?? []);
  },
});

const keyOf = ({ endedAtMs, what }: FailoverReport): string =>
  `${PREFIX}${String(LAST_MS - endedAtMs).padStart(13, "0")}-${what}.json`;

const readReport = (text: string | undefined): FailoverReport | undefined => {
  if (text === undefined) return undefined;
  try {
    const parsed = ReportCodec.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
};
