import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StartError } from '../cli/start-error.ts';

const INSTALL_PAGE =
  'https://learn.microsoft.com/azure/azure-functions/functions-run-local#install-the-azure-functions-core-tools';

/** Makes sure that the command `func` is Core Tools 4. Throws a `StartError` that says how to get them, when it is not. */
export async function findCoreTools(environment: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
  if (process.platform === 'win32') {
    throw new StartError('npm run start:func runs on Linux and macOS; on Windows, run it in WSL.');
  }
  const said = await askVersion(environment, signal);
  if (said === undefined) {
    throw new StartError(
      `Azure Functions Core Tools are not installed (there is no command func): see ${INSTALL_PAGE}`,
    );
  }
  if (!/^4\.\d+\.\d+/m.test(said)) {
    throw new StartError(
      `The command func is not Azure Functions Core Tools 4, it says '${said.trim()}': see ${INSTALL_PAGE}`,
    );
  }
}

/** Undefined where there is no such command. Others have one of this name, Knative for instance. */
async function askVersion(
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await promisify(execFile)('func', ['--version'], { env: environment, signal });
    return stdout || stderr;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'ENOENT') return undefined;
    // It ran, and did not know the option.
    if (typeof error.code === 'number') return error.message;
    throw error;
  }
}
