import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { reportSignedPolicy } from "../../bin/reports/sign-policy.ts";
import { requireConfiguration } from "../../bin/read-configuration.ts";
import { VerbFault } from "../../bin/verb.ts";
import { createDynamoClient, createKmsClient } from "../../shared/adapters/aws/clients.ts";
import { createDynamoItemStore } from "../../shared/adapters/aws/item-store.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { createKmsSeal } from "../../shared/adapters/aws/policy-seal.ts";
import { createSeededRandom } from "../../shared/adapters/host/seeded-random.ts";
import { createMemoryAlerts } from "../../shared/adapters/memory/alerts.ts";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createStoredLedger } from "../../shared/adapters/stored/ledger.ts";
import { createStoredSignedPolicies } from "../../shared/adapters/stored/signed-policies.ts";
import { createStoredTelemetry } from "../../shared/adapters/stored/telemetry.ts";
import { toSettings } from "../../shared/runtime/configuration-settings.ts";
import { createKeepConfiguration } from "../../shared/use-cases/keep-configuration.ts";
import { secureEntries } from "../../shared/use-cases/secure-entries.ts";
import { tradingCell } from "../use-cases/cycle-world.ts";
import { startDynalite } from "../adapters/aws/dynalite.ts";
import { startKms, type EmulatedKms } from "../adapters/aws/emulated-kms.ts";

const TABLE = "ledger";
let kms: EmulatedKms;
let database: Awaited<ReturnType<typeof startDynalite>>;

beforeAll(async () => {
  kms = await startKms();
  database = await startDynalite(TABLE);
  // The caller's own credentials, as every tool of AWS finds them.
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await kms.close();
});

const run = async (environment: Readonly<Record<string, string>>, options: object = {}) => {
  let written = "";
  const code = await reportSignedPolicy(
    {
      arguments: ["sign"],
      options: {
        config: "holdfast.yaml",
        mode: "paper",
        kms: "alias/holdfast-paper-policy",
        regions: "us-east-2,us-west-2",
        table: TABLE,
        ...options,
      },
      isJson: false,
    },
    {
      write: (text) => {
        written += text;
      },
      writeError: () => undefined,
      isTerminal: false,
      environment: {
        AWS_ENDPOINT_URL_KMS: kms.settings.endpoint,
        AWS_ENDPOINT_URL_DYNAMODB: database.endpoint ?? "",
        ...environment,
      },
      stopped: new AbortController().signal,
    },
  );
  return { code, written };
};

/** A deployment's functions, run with these variables of the environment above the file. */
const deployed = (environment: Readonly<Record<string, string>> = {}) => {
  const nowMs = createHostClock().nowMs();
  const settings = toSettings(requireConfiguration("holdfast.yaml", environment), {
    mode: "paper",
    region: "us-east-2",
  });
  const client = createDynamoClient(database);
  const keys = createKmsClient(kms.settings);
  const items = createMemoryItemStore();
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const policy = {
    policies: createStoredSignedPolicies(
      createDynamoItemStore({ client, table: TABLE, reads: "strong" }),
    ),
    seal: createKmsSeal({ client: keys, keyId: "key" }),
    telemetry: createStoredTelemetry(items, { region: "us-east-2" }),
    clock,
    settings,
  };
  const ledger = createStoredLedger(items);
  const keeper = createKeepConfiguration({
    ...policy,
    ledger,
    alerts: createMemoryAlerts(),
    random: createSeededRandom(1),
    pause: { wait: async () => undefined },
  });
  return { settings, policy, keeper, ledger, nowMs };
};

const checked = async (environment?: Readonly<Record<string, string>>) => {
  const { keeper, ledger, settings, nowMs } = deployed(environment);
  const cell = { ...tradingCell(settings, nowMs), limits: settings.limits };
  await ledger.saveCell(cell, { version: 0, epoch: 0 });
  return (await keeper.check(cell)).tradingState;
};

describe("config sign with a deployment's key", () => {
  it("puts the policy in force for functions that can only verify", async () => {
    expect(await checked()).toMatchObject({ mode: "reducing" });
    expect(await run({})).toEqual({
      code: 0,
      written:
        "[PAPER] Version 1 of the trading policy of main is signed by 2 keys and in force.\n",
    });
    expect(await checked()).toMatchObject({ mode: "active" });
    expect(await checked({ MAX_POSITION_SIZE_USD: "501" })).toMatchObject({ mode: "reducing" });
  });

  it("signs a change as the next version and says what changed; the same twice is one", async () => {
    await run({});
    const { written } = await run({ MAX_POSITION_SIZE_USD: "450" });
    expect(written).toContain("Version 2");
    expect(written).toContain("limits.maxPositionSize is 450000000 and not 500000000");
    expect((await run({ MAX_POSITION_SIZE_USD: "450" })).written).toContain("Version 2");
  });

  it("lets entries go out only where they are decided by what was signed", async () => {
    const sent: string[] = [];
    const orders = {
      send: async (messages: readonly { readonly body: string }[]) => {
        sent.push(...messages.map(({ body }) => body));
      },
    };
    await run({ MAX_POSITION_SIZE_USD: "450" });
    await secureEntries(orders, deployed({ MAX_POSITION_SIZE_USD: "450" }).policy).send([
      { body: "signed" },
    ]);
    const drifted = deployed({ MAX_POSITION_SIZE_USD: "9000" }).policy;
    await secureEntries(orders, drifted).send([{ body: "drifted" }]);
    expect(sent).toEqual(["signed"]);
    expect(await drifted.telemetry.loadEvidence("configuration", 1)).toMatchObject([
      { succeeded: false, fault: "configuration" },
    ]);
  });

  it("refuses what it cannot do in one sentence, and changes nothing", async () => {
    await expect(run({}, { mode: "sim" })).rejects.toThrow(VerbFault);
    await expect(run({}, { table: undefined })).rejects.toThrow("--table");
    await expect(run({}, { regions: "here" })).rejects.toThrow("--regions");
    const nowhere = { AWS_ENDPOINT_URL_KMS: "http://127.0.0.1:1" };
    await expect(run(nowhere)).rejects.toThrow("Nothing was signed.");
  });
});
