import { AuditBody } from "../../shared/adapters/holdfast-api/contract/audit.ts";
import { usageFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";
import { modeBadge, paletteOf, table } from "./text.ts";
import { reportAuditVerification } from "./audit-verification.ts";
import { orFail, withApi } from "./with-api.ts";

/** Verifies or shows the audit. */
export const reportAudit = (input: VerbInput, context: VerbContext): Promise<ExitCode> =>
  input.arguments[0] === "verify"
    ? reportAuditVerification(input, context)
    : reportRecords(input, context);

/** A page has 100 records; more than these are looked through with a narrower question. */
const PAGES_MAX = 200;

const reportRecords = (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const filter = readFilter(input);
  return withApi<ExitCode>(input, context, async (api) => {
    const found: AuditRecord[] = [];
    let before = "";
    let head = 0;
    let mode = "";
    for (let page = 0; page < PAGES_MAX && found.length < filter.limit; page++) {
      const { body } = orFail(await api.read(`/api/audit${before}`, AuditBody));
      ({ headSequence: head, mode } = body);
      found.push(
        ...body.records.filter(
          ({ kind, atMs }) =>
            (filter.kind === undefined || kind === filter.kind) && atMs >= filter.sinceMs,
        ),
      );
      const oldest = body.records.at(-1);
      if (oldest === undefined || oldest.sequence <= 1 || oldest.atMs < filter.sinceMs) break;
      before = `?before=${oldest.sequence}`;
    }
    const records = found.slice(0, filter.limit);
    if (input.isJson) {
      context.write(`${JSON.stringify({ headSequence: head, records })}\n`);
      return 0;
    }
    const palette = paletteOf(context);
    context.write(`${modeBadge(mode, palette)} ${records.length} of ${head} records\n`);
    if (records.length > 0) context.write(table(COLUMNS, records.map(toRow), palette));
    return 0;
  });
};

type AuditRecord = (typeof AuditBody)["_zod"]["output"]["records"][number];

const readFilter = ({ options }: VerbInput) => {
  const limit = Number(options["limit"]);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) {
    throw usageFault("--limit takes a whole number from 1 to 1000.");
  }
  const since = options["since"]?.toString();
  const sinceMs = since === undefined ? -Infinity : Date.parse(since);
  if (Number.isNaN(sinceMs)) throw usageFault("--since takes a moment such as 2026-11-20T14:30Z.");
  return { limit, kind: options["kind"]?.toString(), sinceMs };
};

const COLUMNS = [
  { title: "NO", align: "right" },
  { title: "AT", align: "left" },
  { title: "KIND", align: "left" },
  { title: "BY", align: "left" },
  { title: "REGION", align: "left" },
  { title: "EPOCH", align: "right" },
  { title: "SAYS", align: "left" },
  { title: "HASH", align: "left" },
] as const;

const SAYS_MAX = 100;

const toRow = ({ sequence, atMs, kind, actor, region, epoch, body, hash }: AuditRecord) => [
  sequence.toString(),
  new Date(atMs).toISOString(),
  kind,
  actor,
  region,
  epoch.toString(),
  JSON.stringify(body).slice(0, SAYS_MAX),
  hash.slice(0, 12),
];
