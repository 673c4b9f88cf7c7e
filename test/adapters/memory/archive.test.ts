import { createMemoryArchive } from "../../../shared/adapters/memory/archive.ts";
import { describeArchive } from "../../contracts/archive.ts";

describeArchive("memory archive", async () => createMemoryArchive(), { runs: 100 });
