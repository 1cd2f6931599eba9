import { defaultStartOptions, ENVIRONMENT_PREFIX, type ParsedStartOptions, type ScriptName } from './start-options.ts';

/**
 * Reads the options from the command line and, where they are not given there, from the environment: `--arm-port` is
 * `ACI_LOCAL_ARM_PORT`. Throws a `StartError` for what is unknown or wrong, in the command line as in the environment.
 */
export async function readStartOptions(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  script: ScriptName,
): Promise<ParsedStartOptions> {
  const isPlain = argv.length === 0 && !Object.keys(environment).some((name) => name.startsWith(ENVIRONMENT_PREFIX));
  if (isPlain) return { kind: 'options', options: { ...defaultStartOptions[script] } };
  // The parser is a tenth of the process's memory.
  const { parseCommandLine } = await import('./parse-command-line.ts');
  return parseCommandLine(argv, environment, script);
}
