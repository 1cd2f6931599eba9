/** A call of curl, as its shell line has it. */
export interface CurlCall {
  readonly command: string;
  readonly urls: readonly string[];
  readonly bodies: readonly string[];
}

/** The calls of curl in a shell block; throws where a quote is left open. A body that is read from a file has no text here. */
export function readCurl(block: string): CurlCall[] {
  const commands = block.replaceAll(/\\\n\s*/g, ' ').match(/(?:'[^']*'|"(?:\\.|[^"\\])*"|[^\n])+/g) ?? [];
  return commands.filter((command) => /\bcurl\s/.test(command)).map(readCall);
}

function readCall(command: string): CurlCall {
  const words = splitWords(command.slice(command.search(/\bcurl\s/)));
  const isBody = (index: number) => /^(-d|--data|--data-raw|--json)$/.test(words[index - 1] ?? '');
  return {
    command,
    urls: words.filter((word, index) => /^(https?:\/\/|\$\{?\w+)/.test(word) && !isBody(index)),
    bodies: words.filter((word, index) => isBody(index) && !word.startsWith('@')),
  };
}

/** The words of a command as a POSIX shell splits them, up to the first pipe, redirection or end of command. */
function splitWords(command: string): string[] {
  const words: string[] = [];
  let rest = command.trimStart();
  while (rest !== '' && !/^[|;&>#]/.test(rest)) {
    const match = /^(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"|;&>])+/.exec(rest);
    if (match === null) {
      throw new Error(`A quote is left open in: ${command}`);
    }
    words.push(match[0].replaceAll(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g, unquote));
    rest = rest.slice(match[0].length).trimStart();
  }
  return words;
}

function unquote(_: string, single?: string, double?: string, escaped?: string): string {
  return single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? '';
}
