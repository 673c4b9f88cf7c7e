/** A value of an item as DynamoDB's JSON has it: our tables hold texts and numbers alone. */
export type AttributeValue = { readonly S: string } | { readonly N: string };

/** An item of a table as it is stored, attribute by attribute, damaged ones too. */
export type TableItem = Readonly<Record<string, AttributeValue>>;

/** What an export tells of one item: as it stands, or that it is gone. */
export type TableChange =
  | { readonly type: "put"; readonly item: TableItem }
  | { readonly type: "delete"; readonly key: TableItem };

/** An item that was written, and when: micros since 1970, which is what exports are counted in. */
export type WrittenItem = { readonly item: TableItem; readonly writtenAtMicros: number };

/** Begins the partitions of the ledger: what may never be lost, and is backed up. */
const LEDGER_PARTITIONS = ["audit#", "cell#", "lease#", "orders#", "policy#"] as const;

/** Begins the partitions of the ledger, in order. */
export const ledgerPrefixes = (): readonly string[] => LEDGER_PARTITIONS;

/** Whether an item of this partition belongs to the ledger. */
export const isLedgerPartition = (partition: string): boolean =>
  LEDGER_PARTITIONS.some((prefix) => partition.startsWith(prefix));
