import type { BackupFlaw } from "../domain/backup/backup-flaw.ts";
import type { BackupKind, BackupLink } from "../domain/backup/backup-link.ts";
import { ok, type Result } from "../domain/result.ts";
import type { ExportFile } from "../ports/backups.ts";
import { type ReadChainDeps, readLinked } from "./read-chain.ts";

/** A data file, and the kind of the export it belongs to. */
export type PlannedFile = readonly [kind: BackupKind, file: ExportFile];

/** Every file of every link, in the order in which they are to be applied. */
export const planFiles = async (
  deps: Pick<ReadChainDeps, "backups">,
  links: readonly BackupLink[],
): Promise<Result<readonly PlannedFile[], BackupFlaw>> => {
  const files: PlannedFile[] = [];
  for (const link of links) {
    const content = await readLinked(deps, link);
    if (!content.ok) return content;
    files.push(...content.value.files.map((file): PlannedFile => [link.kind, file]));
  }
  return ok(files);
};
