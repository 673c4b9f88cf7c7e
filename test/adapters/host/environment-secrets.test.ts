import { createEnvironmentSecrets } from "../../../shared/adapters/host/environment-secrets.ts";
import { describeSecrets } from "../../contracts/secrets.ts";

describeSecrets("environment secrets", async (values) =>
  createEnvironmentSecrets({ ...values, pager: "" }),
);
