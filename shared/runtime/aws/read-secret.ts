import * as z from "zod";
import { createSecretsClient } from "../../adapters/aws/clients.ts";
import { createSecretsManagerSecrets } from "../../adapters/aws/secrets.ts";
import { RetryableError, TerminalError } from "../../domain/fault.ts";

/** What the broker's secret holds. */
export const BrokerSecret = z.object({ keyId: z.string().min(1), secretKey: z.string().min(1) });

/** What the flow vendor's secret holds. */
export const FlowSecret = z.object({ token: z.string().min(1) });

/**
 * What the secret of the other vendors of market data holds; a vendor without a key is not asked.
 */
export const VendorKeysSecret = z.object({
  polygonKey: z.string().min(1).optional(),
  tiingoToken: z.string().min(1).optional(),
});

/** What the pager's secret holds. */
export const PagerSecret = z.object({ routingKey: z.string().min(1) });

/**
 * Reads a secret that holds JSON. Throws `RetryableError` while it cannot be read, `TerminalError`
 * when it does not hold what it should; neither says what it holds.
 */
export const readSecret = async <Secret>(
  { region, arn, name }: { readonly region: string; readonly arn: string; readonly name: string },
  schema: z.ZodType<Secret>,
): Promise<Secret> => {
  const client = createSecretsClient({ region });
  const read = await createSecretsManagerSecrets({ client, names: { [name]: arn } }).read(name);
  if (!read.ok) throw new RetryableError(`The secret "${name}" was not read: ${read.error.detail}`);
  const parsed = schema.safeParse(parseJson(read.value));
  if (parsed.success) return parsed.data;
  throw new TerminalError(`The secret "${name}" does not hold the JSON that it should.`);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
