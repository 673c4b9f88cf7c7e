import { err, ok, type Result } from "../result.ts";
import { type BackupFlaw, flawOf } from "./backup-flaw.ts";
import { type BackupLink, linkName, linkText } from "./backup-link.ts";

/**
 * Checks links that follow one another: each is whole, has the next number, names the digest of the
 * one before it, and begins where that one ended. Returns the first flaw, with the link's name.
 */
export const checkChain = (
  links: readonly BackupLink[],
  digest: (text: string) => string,
): Result<readonly BackupLink[], BackupFlaw> => {
  let previous: BackupLink | undefined;
  for (const link of links) {
    const flaw = flawIn(link, previous, digest);
    if (flaw !== undefined) return err(flaw);
    previous = link;
  }
  return ok(links);
};

const flawIn = (
  link: BackupLink,
  previous: BackupLink | undefined,
  digest: (text: string) => string,
): BackupFlaw | undefined => {
  const name = linkName(link.number);
  if (digest(linkText(link)) !== link.digest) {
    return flawOf("changed", name, `The link ${name} is not what was written.`);
  }
  if (previous === undefined) return undefined;
  if (link.number !== previous.number + 1) {
    const lost = linkName(previous.number + 1);
    return flawOf("missing", lost, `The link ${lost} is missing.`);
  }
  if (link.previousDigest !== previous.digest) {
    const before = linkName(previous.number);
    return flawOf("changed", name, `The link ${name} does not follow ${before}.`);
  }
  const isContiguous =
    link.kind === "full" ? link.toMs >= previous.toMs : link.fromMs === previous.toMs;
  return isContiguous && link.toMs >= link.fromMs
    ? undefined
    : flawOf("gap", name, `The link ${name} does not begin where the one before it ends.`);
};

/** The last moment that can be written. */
const MOMENT_MAX_MS = 8_640_000_000_000_000;

/**
 * The links that rebuild the table as of `atMs`: the newest full export up to then, and every
 * incremental one behind it that ends by then. The links are checked and in order.
 */
export const linksUntil = (
  links: readonly BackupLink[],
  atMs: number,
): Result<readonly BackupLink[], BackupFlaw> => {
  const known = links.filter(({ toMs }) => toMs <= atMs);
  const first = known.findLastIndex(({ kind }) => kind === "full");
  if (first >= 0) return ok(known.slice(first));
  if (links.length === 0) return err(flawOf("missing", "chain", "There is no backup."));
  const at = new Date(Math.min(atMs, MOMENT_MAX_MS)).toISOString();
  const oldest = known[0]?.number ?? links[0]?.number ?? 1;
  const [name, why] =
    oldest > 1
      ? [linkName(oldest - 1), `the link ${linkName(oldest - 1)} is missing.`]
      : ["chain", "backups begin later."];
  return err(flawOf("missing", name, `No full export stands before ${at}: ${why}`));
};
