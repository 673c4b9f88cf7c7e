import * as z from "zod";
import { FLAG_NAMES, type FlagRollback } from "../../../domain/flags/flag.ts";
import type { Evidence } from "../../../domain/health/evidence.ts";
import type { SystemHealth } from "../../../domain/health/system-health.ts";
import { DATA_MODES } from "../../../domain/market/data-mode.ts";
import type { AlertRecord, CycleRecord, EquityPoint } from "../../../ports/telemetry.ts";
import { EpochMsCodec, MoneyCodec } from "./primitives.ts";

/** Reads one piece of evidence of a component's work. */
export const EvidenceCodec: z.ZodType<Evidence> = z.object({
  component: z.string(),
  atMs: EpochMsCodec,
  succeeded: z.boolean(),
  detail: z.string(),
  latencyMs: z.number().nullable(),
  dataAgeMs: z.number().nullable(),
  fault: z.enum(["configuration", "schema"]).nullable(),
});

/** Reads the system's health as it was recorded. */
export const SystemHealthCodec: z.ZodType<SystemHealth> = z.object({
  level: z.enum(["OK", "DEGRADED", "FAILED", "FAILED_CONFIG", "FAILED_API_SCHEMA"]),
  reason: z.string(),
  components: z.array(
    z.object({
      component: z.string(),
      isCritical: z.boolean(),
      level: z.enum(["healthy", "degraded", "unhealthy", "critical", "unknown"]),
      reason: z.string(),
      evidenceAtMs: EpochMsCodec.nullable(),
      fault: z.enum(["configuration", "schema"]).exactOptional(),
      unproven: z.object({ sinceMs: EpochMsCodec, isOverdue: z.boolean() }).exactOptional(),
      betterLooks: z.number().min(0).exactOptional(),
    }),
  ),
  atMs: EpochMsCodec,
});

/** Reads what a trading cycle was. */
export const CycleRecordCodec: z.ZodType<CycleRecord> = z.object({
  cycleId: z.string(),
  slotMs: EpochMsCodec,
  closedAtMs: EpochMsCodec,
  outcome: z.enum(["completed", "skipped", "failed"]),
  reason: z.string(),
  // Cycles from before there were several vendors say nothing of it.
  dataMode: z.enum(DATA_MODES).nullable().default(null),
});

/** Reads the last word about an incident. */
export const AlertRecordCodec: z.ZodType<AlertRecord> = z.object({
  alert: z.object({
    key: z.string(),
    action: z.enum(["trigger", "resolve"]),
    severity: z.enum(["critical", "error", "warning", "info"]),
    summary: z.string(),
    component: z.string(),
    mode: z.string(),
    atMs: EpochMsCodec,
    runbook: z.string(),
  }),
  toldAtMs: EpochMsCodec.nullable(),
  beganAtMs: EpochMsCodec.optional(),
});

/** Reads a flag that was rolled back. */
export const FlagRollbackCodec: z.ZodType<FlagRollback> = z.object({
  flag: z.enum(FLAG_NAMES),
  atMs: EpochMsCodec,
  percent: z.number().min(0).max(100),
  reason: z.string(),
});

/** Reads one point of the equity curve. */
export const EquityPointCodec: z.ZodType<EquityPoint> = z.object({
  atMs: EpochMsCodec,
  equity: MoneyCodec,
});

/** Reads counters by name. */
export const CountersCodec = z.record(z.string(), z.number());
