import { createHostClock } from "../../../shared/adapters/host/clock.ts";
import { createHttpClient } from "../../../shared/adapters/http/http-client.ts";
import * as z from "zod";
import { DrillFault, type DrillWorld } from "../drill-world.ts";

const Requested = z.looseObject({ request: z.looseObject({ snapshotHash: z.string() }) });
const TRIES_MAX = 20;
const TIMEOUT_MS = 10_000;

/**
 * Two principals resume what was restored. Orders move meanwhile, so that what both have to have
 * seen alike may be another thing by the time the second one looks: they ask again.
 */
export const finishRestoredBy = async ({
  url,
  tokens,
}: Pick<DrillWorld, "url" | "tokens">): Promise<void> => {
  const http = createHttpClient({ clock: createHostClock() });
  const post = async (path: string, token: string, body: object) => {
    const answer = await http.send({
      method: "POST",
      url: `${url}${path}`,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      timeoutMs: TIMEOUT_MS,
    });
    return answer.type === "answer" ? answer : { status: 0, body: answer.type };
  };
  let last = "";
  try {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const asked = await post("/api/trading/resume/request", tokens.operator, {});
      last = asked.body;
      if (asked.status !== 200) continue;
      const { snapshotHash } = Requested.parse(JSON.parse(asked.body)).request;
      const approved = await post("/api/trading/resume/approve", tokens.approver, { snapshotHash });
      last = approved.body;
      if (approved.status === 200) return;
    }
  } finally {
    http.close();
  }
  throw new DrillFault(`Trading was not resumed: ${last}`);
};

const Verified = z.looseObject({ flaws: z.array(z.looseObject({ sentence: z.string() })) });

/** Walks the audit's chain and says what is wrong with it. */
export const verifyAudit = async ({ url }: Pick<DrillWorld, "url">): Promise<readonly string[]> => {
  const http = createHttpClient({ clock: createHostClock() });
  try {
    const answer = await http.send({
      method: "GET",
      url: `${url}/api/audit/verification`,
      headers: {},
      timeoutMs: TIMEOUT_MS,
    });
    if (answer.type !== "answer" || answer.status !== 200) return ["The audit was not verified."];
    return Verified.parse(JSON.parse(answer.body)).flaws.map(({ sentence }) => sentence);
  } finally {
    http.close();
  }
};
