import { describe, expect, it } from "vitest";
import type { Secrets } from "../../shared/ports/secrets.ts";

/** What every adapter of secrets does; `create` holds `broker` and not `pager`. */
export const describeSecrets = (
  name: string,
  create: (values: { readonly broker: string }) => Promise<Secrets>,
): void => {
  describe(name, () => {
    it("reads the same secret as often as asked", async () => {
      const value = JSON.stringify({ keyId: "k", secretKey: "s" });
      const secrets = await create({ broker: value });
      expect(await secrets.read("broker")).toEqual({ ok: true, value });
      expect(await secrets.read("broker")).toEqual({ ok: true, value });
    });

    it("names the secret that it does not have, and no value of another", async () => {
      const secrets = await create({ broker: "do not show" });
      const missing = await secrets.read("pager");
      expect(missing).toMatchObject({
        ok: false,
        error: { type: "SecretUnavailable", name: "pager" },
      });
      expect(JSON.stringify(missing)).not.toContain("do not show");
    });
  });
};
