import { Argument, Command, CommanderError, Option } from "commander";
import { keptByNpm } from "./kept-by-npm.ts";
import { usageFault, VerbFault, type ExitCode, type Verb, type VerbContext } from "./verb.ts";

/**
 * Runs the verb that `words` name and returns the exit code. Whatever is wrong is said in one
 * sentence on stderr: 64 for words that are not understood, 2 for a failure.
 */
export const runCommandLine = async (
  verbs: readonly Verb[],
  typed: readonly string[],
  context: VerbContext,
): Promise<ExitCode> => {
  const words = wordsMeant(verbs, typed);
  let exitCode: ExitCode = 0;
  const program = createProgram(context);
  for (const verb of verbs) {
    program.addCommand(
      createCommand(verb, context, (code) => {
        exitCode = code;
      }),
    );
  }
  try {
    if (words.length === 0) {
      program.outputHelp();
      return 64;
    }
    const verb = verbs.find(({ name }) => name === words[0]);
    const kept = verb && keptByNpm(verb, words, context.environment);
    if (kept !== undefined) throw usageFault(kept);
    await program.parseAsync(words, { from: "user" });
    return exitCode;
  } catch (error) {
    return report(error, { verb: verbs.find(({ name }) => name === words[0]), context });
  }
};

/**
 * `help` and `help VERB` are what people type first; and a word that is no verb is told of whatever
 * comes behind it, of which `--help` would be answered with the help of all.
 */
const wordsMeant = (verbs: readonly Verb[], typed: readonly string[]): readonly string[] => {
  const words = typed[0] === "help" ? [...typed.slice(1, 2), "--help"] : typed;
  const [first] = words;
  if (first === undefined || first.startsWith("-")) return words;
  return verbs.some(({ name }) => name === first) ? words : [first];
};

const NAME = "npm run holdfast --";

const createProgram = (context: VerbContext): Command =>
  prepare(new Command("holdfast"), context)
    .usage("<verb> [options]")
    .description("Holdfast: a self-healing trading system for US equities.")
    .helpCommand(false)
    .addHelpText(
      "after",
      `
Exit codes: 0 ok, 1 degraded or stopped before its end, 2 failed, 3 halted, 64 wrong usage.
More on a verb: ${NAME} <verb> --help`,
    );

const createCommand = (
  verb: Verb,
  context: VerbContext,
  finish: (code: ExitCode) => void,
): Command => {
  const command = prepare(new Command(verb.name), context).description(verb.summary);
  for (const argument of verb.arguments ?? []) {
    const { name, description, isRequired, choices } = argument;
    const words = new Argument(isRequired ? `<${name}>` : `[${name}]`, description);
    command.addArgument(choices === undefined ? words : words.choices([...choices]));
  }
  for (const option of verb.options ?? []) command.addOption(createOption(option));
  command.option("--json", verb.json ?? "one JSON document on stdout instead of text");
  const lines = verb.examples.map((example) => `  ${NAME} ${example}`);
  command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
  return command.action(async () => {
    const { json, ...options } = command.opts<Record<string, string | boolean | undefined>>();
    finish(await verb.run({ arguments: command.args, options, isJson: json === true }, context));
  });
};

const createOption = (option: NonNullable<Verb["options"]>[number]): Option => {
  const made = new Option(option.flags, option.description);
  if (option.default !== undefined) made.default(option.default);
  return option.choices === undefined ? made : made.choices([...option.choices]);
};

/** What every command has in common: it never ends the process, and errors are told by us. */
const prepare = (command: Command, context: VerbContext): Command =>
  command
    .exitOverride()
    .allowExcessArguments(false)
    .showSuggestionAfterError(true)
    .helpOption("-h, --help", "how to use it")
    .configureOutput({
      writeOut: context.write,
      writeErr: context.writeError,
      outputError: () => undefined,
    });

const report = (
  error: unknown,
  { verb, context }: { readonly verb: Verb | undefined; readonly context: VerbContext },
): ExitCode => {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    const sentence = usageSentence(error, verb);
    context.writeError(`holdfast: ${sentence}\n`);
    return 64;
  }
  if (error instanceof VerbFault) {
    context.writeError(`holdfast: ${error.message}\n`);
    return error.exitCode;
  }
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  context.writeError(`holdfast: This is a bug in Holdfast; nothing was lost by it. ${words}\n`);
  return 2;
};

const usageSentence = ({ code, message }: CommanderError, verb: Verb | undefined): string => {
  if (code === "commander.missingArgument" && verb !== undefined) return missingArgument(verb);
  if (code === "commander.unknownOption" && !message.includes("\n")) {
    const all = [NAME, ...(verb === undefined ? [] : [verb.name]), "--help"].join(" ");
    return `${sentenceOf(message).slice(0, -1)}; all of them: ${all}`;
  }
  if (code !== "commander.unknownCommand") return sentenceOf(message);
  return `${sentenceOf(message.replace("command", "verb"))} All of them: ${NAME} --help`;
};

/** Commander names the argument alone; whoever left it out wants to know what it may be. */
const missingArgument = ({ name, arguments: all = [] }: Verb): string => {
  const wanted = all
    .filter(({ isRequired }) => isRequired)
    .map(
      ({ name: word, description, choices }) => `<${word}> (${choices?.join(", ") ?? description})`,
    );
  return `\`${name}\` takes ${wanted.join(" and ")}; more by ${NAME} ${name} --help.`;
};

/** `error: unknown option '--sped'\n(Did you mean --speed?)` as one sentence. */
const sentenceOf = (message: string): string => {
  const [first = "", ...more] = message.replace(/^error: /, "").split("\n");
  const sentence = `${first.slice(0, 1).toUpperCase()}${first.slice(1)}`.replace(/\.$/, "");
  const meant = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(more.join(" "))?.[1];
  const hint = meant === undefined ? "" : `; did you mean ${meant.replaceAll(", ", " or ")}?`;
  return hint === "" ? `${sentence}.` : `${sentence}${hint}`;
};
