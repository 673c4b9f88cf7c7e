/**
 * What is wrong with a backup. `missing`: a file is not there. `changed`: its checksum does not
 * hold. `cut`: it ends too early or holds another number of items than was said. `unreadable`: its
 * content has no known form. `gap`: the chain leaves a time out. `meaning`: what was rebuilt
 * contradicts itself. `refused`: what was asked for must not be done.
 */
export type BackupFlaw = {
  readonly type: "missing" | "changed" | "cut" | "unreadable" | "gap" | "meaning" | "refused";
  /** The file, link or key that shows it. */
  readonly file: string;
  /** One sentence. */
  readonly detail: string;
};

/** Names a flaw. */
export const flawOf = (type: BackupFlaw["type"], file: string, detail: string): BackupFlaw => ({
  type,
  file,
  detail,
});
