import * as z from "zod";
import type { EnvironmentReport } from "../../domain/healing/environment-report.ts";
import { CAUSES } from "../../domain/healing/finding.ts";
import { REMEDY_NAMES, type HealingRecord, type RepairOrder } from "../../domain/healing/remedy.ts";
import type { Healing } from "../../ports/healing.ts";
import { EpochMsCodec } from "./codecs/primitives.ts";
import type { Item, ItemStore } from "./item-store.ts";

const RecordCodec: z.ZodType<HealingRecord> = z.object({
  id: z.string().min(1).max(80),
  atMs: EpochMsCodec,
  remedy: z.enum(REMEDY_NAMES).nullable(),
  cause: z.enum(CAUSES),
  component: z.string(),
  subject: z.string(),
  outcome: z.enum(["applied", "helped", "undone", "failed", "escalated", "cleared"]),
  detail: z.string(),
});

const OrderCodec: z.ZodType<RepairOrder> = z.object({
  kind: z.enum(["resetVendor", "retireEnvironment", "cleanDisk", "restartPolling"]),
  subject: z.string(),
  orderedAtMs: EpochMsCodec,
  untilMs: EpochMsCodec,
});

const ReportCodec: z.ZodType<EnvironmentReport> = z.object({
  functionName: z.string(),
  isLeaking: z.boolean(),
  isDiskFull: z.boolean(),
  detail: z.string(),
  atMs: EpochMsCodec,
});

const KEPT_MS = 14 * 86_400_000;
/** Functions and their orders; more than there can be of either. */
const ITEMS_MAX = 100;

/**
 * The log of healing on an item store, apart per Region. A record is named by the moment its
 * remedy was applied, so that its end takes the place of its beginning and the order holds. What
 * cannot be read is left out: healing then knows less, and does less.
 */
export const createStoredHealing = (
  store: ItemStore,
  { region }: { readonly region: string },
): Healing => {
  const [log, orders, reports] = ["log", "orders", "reports"].map(
    (part) => `healing#${region}#${part}`,
  ) as [string, string, string];
  const put = async (partition: string, sort: string, document: { atMs: number } | RepairOrder) => {
    const sinceMs = "atMs" in document ? document.atMs : document.orderedAtMs;
    const item: Item = { partition, sort, document, expiresAtMs: sinceMs + KEPT_MS };
    await store.put(item, { type: "none" });
  };
  const list = async <Value>(
    partition: string,
    codec: z.ZodType<Value>,
    limit: number,
  ): Promise<readonly Value[]> => {
    const query = { partition, sortPrefix: "", direction: "backward", limit } as const;
    const items = await store.query(query);
    return items.flatMap(({ document }) => {
      const read = codec.safeParse(document);
      return read.success ? [read.data] : [];
    });
  };
  return {
    note: (record) => put(log, record.id, record),
    list: (limit) => list(log, RecordCodec, limit),
    order: (order) => put(orders, `${order.kind}#${order.subject}`, order),
    orders: () => list(orders, OrderCodec, ITEMS_MAX),
    report: (report) => put(reports, report.functionName, report),
    reports: () => list(reports, ReportCodec, ITEMS_MAX),
  };
};
