import { createDynamoClient, createKmsClient } from "../../shared/adapters/aws/clients.ts";
import { createDynamoItemStore } from "../../shared/adapters/aws/item-store.ts";
import { createKmsSeal, createKmsSigner } from "../../shared/adapters/aws/policy-seal.ts";
import { createHostClock } from "../../shared/adapters/host/clock.ts";
import { sha256 } from "../../shared/adapters/host/digest.ts";
import { createHostPause } from "../../shared/adapters/host/pause.ts";
import { createHostRandom } from "../../shared/adapters/host/random.ts";
import { createStoredAuditHeads } from "../../shared/adapters/stored/audit-heads.ts";
import { createStoredSignedPolicies } from "../../shared/adapters/stored/signed-policies.ts";
import { RetryableError, TerminalError } from "../../shared/domain/fault.ts";
import { describeDifferences, differencesOf } from "../../shared/domain/policy/trading-policy.ts";
import type { Mode } from "../../shared/domain/settings.ts";
import type { SignedPolicy } from "../../shared/ports/signed-policies.ts";
import { toSettings } from "../../shared/runtime/configuration-settings.ts";
import { createRecordAudit } from "../../shared/use-cases/audit/record-audit.ts";
import { signPolicy } from "../../shared/use-cases/sign-policy.ts";
import { requireConfiguration } from "../read-configuration.ts";
import { type ExitCode, usageFault, VerbFault, type VerbContext, type VerbInput } from "../verb.ts";

/**
 * Signs the configuration's trading policy by each Region's key and puts it where the functions of
 * a deployment look for it. Whoever may sign says the key's policy, and the caller's credentials
 * are those of the environment.
 */
export const reportSignedPolicy = async (
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const wish = readWish(input);
  const configuration = requireConfiguration(wish.path, context.environment);
  const { mode, regions } = wish;
  const settings = toSettings(configuration, { mode, region: wish.region });
  const signed = await sign(wish, context, settings);
  const { serial, earlier, policyText, signatures } = signed;
  const [before] = earlier;
  const differences =
    before === undefined ? [] : differencesOf(JSON.parse(before), JSON.parse(policyText));
  if (input.isJson) {
    const { account } = settings;
    context.write(`${JSON.stringify({ mode, account, serial, regions, differences })}\n`);
    return 0;
  }
  const changes = differences.length === 0 ? "" : ` ${describeDifferences(differences)}.`;
  context.write(
    `[${mode.toUpperCase()}] Version ${serial} of the trading policy of ${settings.account} is ` +
      `signed by ${signatures.length} keys and in force.${changes}\n`,
  );
  return 0;
};

type Wish = {
  readonly path: string;
  readonly mode: Mode;
  readonly keyAlias: string;
  /** The first, which holds the table. */
  readonly region: string;
  readonly regions: readonly string[];
  readonly table: string;
};

const MODES = ["shadow", "paper", "live"] as const;

const readWish = ({ options }: VerbInput): Wish => {
  const mode = MODES.find((one) => one === options["mode"]);
  if (mode === undefined) throw usageFault("--mode: a deployment is one of shadow, paper or live.");
  const table = options["table"];
  if (typeof table !== "string" || table === "") {
    throw usageFault("--table: name the ledger's table, which is an output of the -tables stack.");
  }
  const regions = String(options["regions"]).split(",");
  const [region] = regions;
  const isWell = regions.every((one) => /^[a-z]{2}(-[a-z]+)+-\d$/.test(one));
  if (region === undefined || !isWell) {
    throw usageFault("--regions: Regions look like us-east-2,us-west-2.");
  }
  const keyAlias = String(options["kms"]);
  return { path: String(options["config"]), mode, keyAlias, region, regions, table };
};

const sign = async (
  { keyAlias, region, regions, table }: Wish,
  { environment }: VerbContext,
  settings: ReturnType<typeof toSettings>,
): Promise<SignedPolicy> => {
  const at = (place: string, service: "KMS" | "DYNAMODB") => {
    // As every AWS tool reads them; tests point them at emulators.
    const endpoint = environment[`AWS_ENDPOINT_URL_${service}`] ?? environment["AWS_ENDPOINT_URL"];
    return { region: place, ...(endpoint === undefined ? {} : { endpoint }) };
  };
  const keyIn = (place: string) => ({
    client: createKmsClient(at(place, "KMS")),
    keyId: keyAlias,
  });
  const client = createDynamoClient(at(region, "DYNAMODB"));
  const items = createDynamoItemStore({ client, table, reads: "strong" });
  const clock = createHostClock();
  try {
    return await signPolicy(
      {
        policies: createStoredSignedPolicies(items),
        seal: createKmsSeal(keyIn(region)),
        signers: regions.map((place) => createKmsSigner(keyIn(place))),
        clock,
        audit: createRecordAudit({
          heads: createStoredAuditHeads(items),
          clock,
          pause: createHostPause(),
          random: createHostRandom(),
          digest: sha256,
          settings,
        }),
      },
      settings.account,
      settings,
      `config sign by ${environment["USER"] ?? "somebody"}`,
    );
  } catch (error) {
    if (error instanceof RetryableError || error instanceof TerminalError) {
      throw new VerbFault(`Nothing was signed. ${error.message}`, 2, { cause: error });
    }
    throw error;
  } finally {
    client.destroy();
  }
};
