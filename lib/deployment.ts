import * as z from "zod";
import type { Identity } from "./constructs/operator-api.ts";
import type { DeployedMode } from "./constructs/platform.ts";
import { isRestoredTable } from "../shared/domain/backup/restored-table.ts";
import { chaosWorldOf, type ChaosWorld } from "../shared/domain/chaos/chaos-mode.ts";
import type { Mode } from "../shared/domain/settings.ts";

/** What one deployment is, as its context values say. */
export type Deployment = {
  readonly mode: DeployedMode;
  readonly account: string;
  /** The first Region, which holds the tables. */
  readonly primaryRegion: string;
  /** The second Region and the one that only votes; absent where there is one Region. */
  readonly second: { readonly region: string; readonly witness: string } | undefined;
  /**
   * The Region that has the account now, which is deployed last; the first one where none is given.
   */
  readonly tradesIn: string;
  /** Whether a dead Region is replaced by itself or by a person; nothing where there is one. */
  readonly failover: "automatic" | "byHand";
  /** Whether a Region may be lost on purpose, by hand or each month; nothing where there is one. */
  readonly drills: Drills;
  /**
   * The world in which failures may be caused by hand; absent where they may not, as by default.
   */
  readonly chaos: ChaosWorld | undefined;
  /** The address under which the runbooks are read, without a slash at its end. */
  readonly runbooks: string;
  readonly identity: Identity | undefined;
  readonly alarmEmail: string | undefined;
  /** A monitor outside AWS that calls for help when nothing is heard of health any more. */
  readonly monitorUrl: string | undefined;
  /** Days for which nobody can remove audit records, exports and reports. */
  readonly lockDays: number;
  /** The role that alone may sign the trading policy; the CDK's own where it is not given. */
  readonly policySigner: string | undefined;
  /**
   * The table that a restore made and that is the ledger now; the stack's own where none is given.
   */
  readonly restoredLedger: string | undefined;
};

/** When a Region is lost on purpose. */
type Drills = "none" | "byHand" | "monthly";

/** Real money is risked by no drill, and nothing is proven by one that sends no orders. */
const DRILLS_OF: Readonly<Record<Mode, Drills>> = {
  sim: "none",
  shadow: "none",
  paper: "monthly",
  live: "none",
};

/** An account that exists nowhere: templates can be written without AWS, but not deployed. */
const NO_ACCOUNT = "000000000000";

const Region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "A Region looks like us-east-2.");

const Context = z.object({
  mode: z.enum(["shadow", "paper"], {
    error:
      "The mode is shadow or paper: live needs a signed configuration, which is not deployed so.",
  }),
  account: z.string().regex(/^\d{12}$/, "An account has twelve digits."),
  regions: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(Region).min(1).max(2)),
  witness: Region,
  tradesIn: Region.optional(),
  failover: z.enum(["automatic", "byHand"], { error: "It is automatic or byHand." }),
  drills: z
    .enum(["none", "byHand", "monthly"], { error: "It is none, byHand or monthly." })
    .optional(),
  chaos: z.enum(["none", "allowed"], { error: "It is none or allowed." }),
  runbooks: z.string().regex(/^\S*[^\s/]$/, "An address or a path without a slash at its end."),
  oidcIssuer: z.url({ protocol: /^https$/ }).optional(),
  oidcAudience: z.string().min(1).max(256).optional(),
  alarmEmail: z.email().optional(),
  monitorUrl: z
    .url({ protocol: /^https$/ })
    .max(512)
    .optional(),
  policySigner: z
    .string()
    .regex(/^arn:aws:iam::\d{12}:role\/\S{1,512}$/, "It is the ARN of a role.")
    .optional(),
  restoredLedger: z
    .string()
    .refine(isRestoredTable, "It is a table that `restore` made: holdfast-restored-NAME.")
    .optional(),
  lockDays: z.coerce
    .number({ error: "It is a number of days." })
    .int("It is a whole number of days.")
    .min(1, "It is at least 1 day.")
    .max(3_650, "It is at most 3650 days."),
});

/** What stands where a context value is not given. */
const DEFAULTS = {
  mode: "paper",
  regions: "us-east-2,us-west-2",
  witness: "us-east-1",
  failover: "automatic",
  chaos: "none",
  runbooks: "docs/runbooks",
  lockDays: "90",
} as const;

/** The context values there are. */
export const CONTEXT_NAMES: readonly string[] = [
  "mode",
  "account",
  "regions",
  "witness",
  "tradesIn",
  "failover",
  "drills",
  "chaos",
  "runbooks",
  "oidcIssuer",
  "oidcAudience",
  "alarmEmail",
  "monitorUrl",
  "lockDays",
  "policySigner",
  "restoredLedger",
];

/** A context value is missing or malformed; nothing was written. */
export class DeploymentInvalid extends Error {
  override readonly name = "DeploymentInvalid";
}

/**
 * Reads a deployment from its context values (`-c regions=us-east-2`). `defaultAccount` is the
 * account of the caller's credentials, where there are any. Throws `DeploymentInvalid`.
 */
export const parseDeployment = (
  valueOf: (name: string) => unknown,
  defaultAccount: string | undefined,
): Deployment => {
  const given = CONTEXT_NAMES.map((name) => [name, valueOf(name)] as const);
  const parsed = Context.safeParse({
    ...DEFAULTS,
    account: defaultAccount ?? NO_ACCOUNT,
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
  });
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `context ${String(path[0])}: ${message}`,
    );
    throw new DeploymentInvalid(problems.join(" "));
  }
  const { mode, account, regions, witness, failover, runbooks, alarmEmail, monitorUrl, lockDays } =
    parsed.data;
  const [primaryRegion = DEFAULTS.witness, secondRegion] = regions;
  const all = [...regions, ...(secondRegion === undefined ? [] : [witness])];
  if (new Set(all).size !== all.length) {
    throw new DeploymentInvalid("context regions: the Regions and the witness must differ.");
  }
  const tradesIn = parsed.data.tradesIn ?? primaryRegion;
  if (!regions.includes(tradesIn)) {
    throw new DeploymentInvalid("context tradesIn: it is one of the Regions.");
  }
  return {
    mode,
    account,
    primaryRegion,
    second: secondRegion === undefined ? undefined : { region: secondRegion, witness },
    tradesIn,
    failover,
    drills: secondRegion === undefined ? "none" : (parsed.data.drills ?? DRILLS_OF[mode]),
    chaos: parsed.data.chaos === "allowed" ? chaosIn(mode) : undefined,
    runbooks,
    identity: toIdentity(parsed.data.oidcIssuer, parsed.data.oidcAudience),
    alarmEmail,
    monitorUrl,
    lockDays,
    policySigner: parsed.data.policySigner,
    restoredLedger: parsed.data.restoredLedger,
  };
};

/** Only a world without real orders can be named here: for live there is none. */
const chaosIn = (mode: Mode): ChaosWorld => {
  const world = chaosWorldOf(mode);
  if (world.ok) return world.value;
  throw new DeploymentInvalid(`context chaos: ${world.error.sentence}`);
};

/** Half an identity would be a mistake that leaves the API out unnoticed. */
const toIdentity = (
  issuer: string | undefined,
  audience: string | undefined,
): Identity | undefined => {
  if (issuer === undefined && audience === undefined) return undefined;
  if (issuer === undefined || audience === undefined) {
    throw new DeploymentInvalid("context oidcIssuer and oidcAudience: give both, or neither.");
  }
  return { issuer, audience };
};
