import * as z from "zod";

/** The world a function runs in (DESIGN: modes); it stands in every output. */
export const ModeText = z.enum(["sim", "shadow", "paper", "live"]);

/** A Region's name, `us-east-2`; `local` and the like outside AWS. */
export const RegionText = z.string().regex(/^[a-z0-9-]{2,32}$/);

/** The configuration as JSON without its defaults; a function's environment holds 4 KiB in all. */
const ConfigurationText = z.string().min(2).max(2_560);

/** A table's, bucket's or topic's name or ARN. */
export const ResourceName = z.string().min(3).max(256);

/** An address over HTTPS. */
export const SecureUrl = z.url({ protocol: /^https$/ }).max(512);

/** What every function needs: its world, its Region and the validated configuration. */
export const commonEnvironment = {
  HOLDFAST_MODE: ModeText,
  HOLDFAST_REGION: RegionText,
  HOLDFAST_CONFIGURATION: ConfigurationText,
  /** Failures may be caused on purpose; a function of a live account does not start with it. */
  HOLDFAST_CHAOS: z.literal("allowed").optional(),
} as const;

/** What is held against each other: an account's ledger and its broker, and who is told. */
export const accountEnvironment = {
  ...commonEnvironment,
  LEDGER_TABLE: ResourceName,
  TELEMETRY_TABLE: ResourceName,
  ARCHIVE_BUCKET: ResourceName,
  ALERTS_TOPIC_ARN: ResourceName,
  BROKER_SECRET_ARN: ResourceName,
  BROKER_URL: SecureUrl,
} as const;

/** The environment does not have the promised form: names of bad keys, never values. */
export class EnvironmentInvalid extends Error {
  override readonly name = "EnvironmentInvalid";
  /** Names of the keys that are missing or malformed, sorted. */
  readonly keys: readonly string[];

  constructor(keys: readonly string[]) {
    super(`The environment is not valid; look at: ${keys.join(", ")}.`);
    this.keys = keys;
  }
}

/** Parses a function's environment once per cold start. Throws `EnvironmentInvalid`. */
export const parseEnvironment = <Output>(
  schema: z.ZodType<Output>,
  environment: Readonly<Record<string, string | undefined>>,
): Output => {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const keys = parsed.error.issues.map((issue) => String(issue.path[0] ?? "(the whole)"));
  throw new EnvironmentInvalid([...new Set(keys)].toSorted());
};
