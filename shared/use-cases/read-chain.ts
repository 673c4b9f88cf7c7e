import { type BackupFlaw, flawOf } from "../domain/backup/backup-flaw.ts";
import { type BackupLink, linkName } from "../domain/backup/backup-link.ts";
import { checkChain, linksUntil } from "../domain/backup/check-chain.ts";
import type { ChainEnd } from "../domain/backup/plan-backup.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { Backups, ExportContent } from "../ports/backups.ts";

/** What reading a chain needs. */
export type ReadChainDeps = {
  readonly backups: Backups;
  /** SHA-256 in hexadecimal. */
  readonly digest: (text: string) => string;
};

/** Every link that is kept, checked; the newest last. */
export const readChain = (
  deps: ReadChainDeps,
): Promise<Result<readonly BackupLink[], BackupFlaw>> => readBack(deps, () => false);

/**
 * The links that rebuild the table as of `atMs`, checked: read backward from the end until a full
 * export that is old enough, so that a chain of years costs no more than one of a day.
 */
export const readChainUntil = async (
  deps: ReadChainDeps,
  atMs: number,
): Promise<Result<readonly BackupLink[], BackupFlaw>> => {
  const links = await readBack(deps, ({ kind, toMs }) => kind === "full" && toMs <= atMs);
  return links.ok ? linksUntil(links.value, atMs) : links;
};

/**
 * The links that rebuild the table as of the one with this digest, checked, whatever was added
 * behind it since: a full export may be of the very same moment.
 */
export const readChainOf = async (
  deps: ReadChainDeps,
  digest: string,
): Promise<Result<readonly BackupLink[], BackupFlaw>> => {
  let isReached = false;
  const links = await readBack(deps, (link) => {
    isReached ||= link.digest === digest;
    return isReached && link.kind === "full";
  });
  if (!links.ok) return links;
  const last = links.value.findIndex((link) => link.digest === digest);
  if (last >= 0) return linksUntil(links.value.slice(0, last + 1), Number.MAX_SAFE_INTEGER);
  return err(flawOf("missing", "chain", "The chain no longer has the link that was read before."));
};

/** Where the chain ends; `undefined` while there is none. */
export const readChainEnd = async (deps: ReadChainDeps): Promise<Result<ChainEnd, BackupFlaw>> => {
  const links = await readBack(deps, ({ kind }) => kind === "full");
  if (!links.ok) return links;
  const last = links.value.at(-1);
  const lastFull = links.value.findLast(({ kind }) => kind === "full");
  if (last === undefined) return ok(undefined);
  if (lastFull !== undefined) return ok({ last, lastFull });
  const name = linkName(last.number);
  return err(flawOf("missing", name, `No full export stands before the link ${name}.`));
};

/** Reads links from the newest on until one is enough. */
const readBack = async (
  { backups, digest }: ReadChainDeps,
  isEnough: (link: BackupLink) => boolean,
): Promise<Result<readonly BackupLink[], BackupFlaw>> => {
  const links: BackupLink[] = [];
  for (const number of (await backups.listLinks()).toReversed()) {
    const link = await backups.readLink(number);
    if (!link.ok) return link;
    links.push(link.value);
    if (isEnough(link.value)) break;
  }
  return checkChain(links.toReversed(), digest);
};

/** The content of a link's export, which must be the very one that the link was made for. */
export const readLinked = async (
  { backups }: Pick<ReadChainDeps, "backups">,
  link: BackupLink,
): Promise<Result<ExportContent, BackupFlaw>> => {
  const content = await backups.readExport(link.manifestKey, link);
  if (!content.ok) return content;
  const { itemCount, kind, fromMs, toMs } = content.value;
  const isSame =
    itemCount === link.itemCount &&
    kind === link.kind &&
    fromMs === link.fromMs &&
    toMs === link.toMs;
  if (isSame) return content;
  const detail = `The export ${link.manifestKey} is of another window than its link says.`;
  return err(flawOf("gap", link.manifestKey, detail));
};
