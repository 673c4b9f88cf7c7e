import type { HoldfastApi } from "../../shared/adapters/holdfast-api/client.ts";
import { DeadLettersBody } from "../../shared/adapters/holdfast-api/contract/dead-letters.ts";
import { usageFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";
import { confirm } from "./confirm.ts";
import { readReason } from "./read-reason.ts";
import { clockTime, modeBadge, paletteOf, table } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

/** Lists, redrives or quarantines dead letters; 1 while a list is not empty, else 0. */
export const reportDeadLetters = async (
  input: VerbInput,
  context: VerbContext,
): Promise<ExitCode> => {
  const [action, id] = input.arguments;
  const wish = action === "quarantine" ? { id: readId(id), reason: readReason(input) } : {};
  if (action !== "quarantine" && id !== undefined) {
    throw usageFault(`\`dead-letters ${action}\` takes no id: it is about all of them.`);
  }
  if (action === "redrive") await confirm(input, context, "Bring back all that is still needed?");
  if (action === "quarantine") await confirm(input, context, `Put ${id} aside for good?`);
  const path = `/api/dead-letters/${action === "list" ? "look" : action}`;
  return withApi<ExitCode>(input, context, async (api) => {
    const { body, text } = orFail(await ask(api, path, wish));
    context.write(input.isJson ? `${text}\n` : describe(body, action === "list", context));
    if (action === "quarantine" && !body.letters.some((letter) => letter.id === id)) return 2;
    return action === "list" && body.letters.length > 0 ? 1 : 0;
  });
};

const ask = (api: HoldfastApi, path: string, wish: object) =>
  api.change(path, wish, DeadLettersBody);

const readId = (id: string | undefined): string => {
  if (id !== undefined) return id;
  throw usageFault("`dead-letters quarantine` takes the id that `dead-letters list` shows.");
};

type Letters = ReturnType<typeof DeadLettersBody.parse>;
type Letter = Letters["letters"][number];

const describe = (body: Letters, isList: boolean, context: VerbContext): string => {
  const palette = paletteOf(context);
  const { letters, isMore } = body;
  const count = isMore ? `${letters.length} or more` : letters.length.toString();
  const head = `${modeBadge(body.mode, palette)} ${count} dead ${count === "1" ? "letter" : "letters"}\n`;
  if (letters.length === 0) return head;
  const rows = letters.map((letter) => toRow(letter, isList));
  return head + table(COLUMNS, rows, palette);
};

const COLUMNS = [
  { title: "SENT", align: "left" },
  { title: "QUEUE", align: "left" },
  { title: "ABOUT", align: "left" },
  { title: "BACK", align: "right" },
  { title: "WHAT", align: "left" },
  { title: "WHY", align: "left" },
  { title: "ID", align: "left" },
] as const;

const toRow = (letter: Letter, isList: boolean): readonly string[] => [
  clockTime(letter.sentAtMs),
  letter.queue,
  letter.about === "" ? "-" : letter.about,
  letter.redrives.toString(),
  (isList ? PLANS : DEEDS)[letter.verdict],
  letter.reason === "" ? "-" : letter.reason,
  letter.id,
];

const PLANS: Readonly<Record<Letter["verdict"], string>> = {
  redrive: "goes back",
  wait: "waits",
  drop: "is dropped",
  quarantine: "is put aside",
};

const DEEDS: Readonly<Record<Letter["verdict"], string>> = {
  redrive: "went back",
  wait: "waits",
  drop: "was dropped",
  quarantine: "was put aside",
};
