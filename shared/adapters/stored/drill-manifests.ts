import * as z from "zod";
import { DRILL_SCENARIOS, type DrillManifest } from "../../domain/failover/deployed-drill.ts";
import type { Archive } from "../../ports/archive.ts";
import type { DrillManifests } from "../../ports/drill-manifests.ts";
import { EpochMsCodec } from "./codecs/primitives.ts";

const Moment = z.nullable(EpochMsCodec);

const ManifestCodec: z.ZodType<DrillManifest> = z.object({
  drillId: z.string().min(1).max(64),
  scenario: z.enum(DRILL_SCENARIOS),
  from: z.string(),
  to: z.string(),
  account: z.string(),
  epoch: z.int().min(1),
  beganAtMs: EpochMsCodec,
  restoreByMs: EpochMsCodec,
  reportByMs: EpochMsCodec,
  experimentId: z.nullable(z.string()),
  struckAtMs: Moment,
  beat: z.nullable(z.int()),
  beatAtMs: Moment,
  fencedAtMs: Moment,
  activeAtMs: Moment,
  restoredAtMs: Moment,
  reportedAtMs: Moment,
});

const PREFIX = "drills/manifests/";
/** Drills are rare: so many are looked through for one of them. */
const LOOKED_THROUGH = 20;
/** An archive lists from the first key on, so that the newest has to come first. */
const LAST_MS = 9_999_999_999_999;

/** Manifests as objects of an archive, one a drill, each written over the one before. */
export const createStoredDrillManifests = (
  archive: Pick<Archive, "write" | "read" | "list">,
): DrillManifests => {
  const list: DrillManifests["list"] = async (limit) => {
    const keys = await archive.list(PREFIX, limit);
    const texts = await Promise.all(keys.map((key) => archive.read(key)));
    return texts.flatMap((text) => readManifest(text) ?? []);
  };
  return {
    save: (manifest) => archive.write(keyOf(manifest), JSON.stringify(manifest)),
    load: async (drillId) =>
      (await list(LOOKED_THROUGH)).find((manifest) => manifest.drillId === drillId),
    list,
  };
};

const keyOf = ({ beganAtMs, drillId }: DrillManifest): string =>
  `${PREFIX}${String(LAST_MS - beganAtMs).padStart(13, "0")}-${drillId}.json`;

const readManifest = (text: string | undefined): DrillManifest | undefined => {
  if (text === undefined) return undefined;
  try {
    const parsed = ManifestCodec.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
};
