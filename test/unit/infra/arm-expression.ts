import { z } from 'zod';

/** A user-defined function of a compiled template, as far as its value depends on it. */
const userFunction = z.object({
  parameters: z.array(z.object({ name: z.string() })),
  output: z.object({ value: z.string() }),
});

const userFunctions = z.array(z.object({ namespace: z.string(), members: z.record(z.string(), userFunction) }));

type UserFunction = z.infer<typeof userFunction>;
type Value = string | number | readonly Value[] | Lambda;
type Lambda = (argument: Value) => Value;
type Names = ReadonlyMap<string, Value>;

/** Evaluates calls of a template's user-defined functions; it knows the built-in functions that ours use, and no others. */
export class ArmExpressions {
  readonly #functions = new Map<string, UserFunction>();

  constructor(functions: unknown) {
    for (const { namespace, members } of userFunctions.parse(functions)) {
      for (const [name, member] of Object.entries(members)) this.#functions.set(`${namespace}.${name}`, member);
    }
  }

  call(name: string, ...given: readonly Value[]): Value {
    const called = this.#functions.get(name);
    if (called === undefined) return builtIn(name, given);
    const parameters = new Map(called.parameters.map((parameter, index) => [parameter.name, given[index] ?? '']));
    return this.#evaluate(new Tokens(called.output.value.slice(1, -1)), parameters, new Map());
  }

  #evaluate(tokens: Tokens, parameters: Names, variables: Names): Value {
    const token = tokens.next();
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^\d/.test(token)) return Number(token);
    tokens.expect('(');
    if (token === 'lambda') return this.#lambda(tokens, parameters, variables);
    const given: Value[] = [];
    while (tokens.peek() !== ')') {
      given.push(this.#evaluate(tokens, parameters, variables));
      if (tokens.peek() === ',') tokens.next();
    }
    tokens.expect(')');
    if (token === 'parameters') return found(parameters, given[0]);
    if (token === 'lambdaVariables') return found(variables, given[0]);
    return this.call(token, ...given);
  }

  #lambda(tokens: Tokens, parameters: Names, variables: Names): Lambda {
    const name = tokens.next().slice(1, -1);
    tokens.expect(',');
    const body = tokens.position;
    tokens.skipToClosing();
    return (argument) => {
      const caller = tokens.position;
      tokens.position = body;
      const value = this.#evaluate(tokens, parameters, new Map([...variables, [name, argument]]));
      tokens.position = caller;
      return value;
    };
  }
}

class Tokens {
  readonly #tokens: readonly string[];
  position = 0;

  constructor(expression: string) {
    this.#tokens = expression.match(/'(?:[^']|'')*'|[\w.]+|[(),]/g) ?? [];
  }

  peek(): string {
    return this.#tokens[this.position] ?? '';
  }

  next(): string {
    const token = this.peek();
    this.position += 1;
    return token;
  }

  expect(token: string): void {
    const actual = this.next();
    if (actual !== token) throw new Error(`expected ${token}, found ${actual || 'the end'}`);
  }

  skipToClosing(): void {
    for (let depth = 1; depth > 0;) {
      const token = this.next();
      if (token === '') throw new Error('a parenthesis is not closed');
      if (token === '(') depth += 1;
      if (token === ')') depth -= 1;
    }
  }
}

function found(names: Names, name: Value | undefined): Value {
  const value = names.get(String(name));
  if (value === undefined) throw new Error(`nothing is named ${String(name)}`);
  return value;
}

/** https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions */
function builtIn(name: string, given: readonly Value[]): Value {
  const [first, second, third] = given;
  switch (name) {
    case 'add':
      return Number(first) + Number(second);
    case 'mul':
      return Number(first) * Number(second);
    case 'mod':
      return Number(first) % Number(second);
    case 'indexOf':
      return String(first).indexOf(String(second));
    case 'substring':
      return String(first).slice(Number(second), Number(second) + Number(third));
    case 'range':
      return Array.from({ length: Number(second) }, (_, index) => Number(first) + index);
    case 'join':
      return list(first).join(String(second));
    case 'map':
      if (typeof second !== 'function') throw new TypeError('map wants a lambda');
      return list(first).map((item) => second(item));
    case 'format':
      return String(first).replaceAll(/\{(\d+)\}/g, (_, index: string) => String(given[Number(index) + 1]));
    default:
      throw new Error(`${name} is not known here`);
  }
}

function list(value: Value | undefined): readonly Value[] {
  if (typeof value !== 'object') throw new TypeError('a list is wanted');
  return value;
}
