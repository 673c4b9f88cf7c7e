import { sha256 } from "../../shared/adapters/host/digest.ts";
import type { PolicySeal, PolicySigner } from "../../shared/ports/signed-policies.ts";

const KEY = "a key that no configuration can name";

/** Signs what a simulated world is deployed with; none of its functions has it. */
export const SIMULATED_SIGNER: PolicySigner = { sign: async (text) => signatureOf(text) };

/** The seal of every simulated world: as good as a real one against those who have not its key. */
export const SIMULATED_SEAL: PolicySeal = {
  verify: async (text, signature) => signature === signatureOf(text),
};

/** What a signature of a text is. */
export const signatureOf = (text: string): string => sha256(`${KEY}\n${text}`);
