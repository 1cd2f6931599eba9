type Row = Readonly<Record<string, string | number | boolean>>;

/** The tables of Application Insights that our queries read. */
export interface Tables {
  requests: readonly Row[];
  traces: readonly Row[];
}

/**
 * Runs a query over rows, as far as our queries need it: `where`, `extend … = extract`, and one `summarize`, whose groups and bins of time are
 * taken for one. It knows the operators and aggregates that ours use, and refuses any other.
 */
export function runQuery(query: string, tables: Tables, now: string): Record<string, number> {
  const [table = '', ...steps] = query
    .trim()
    .split(/\n\| /)
    .map((step) => step.replaceAll(/\s+/g, ' ').trim());
  if (table !== 'requests' && table !== 'traces') throw new Error(`there is no table ${table}`);
  let rows = tables[table];
  for (const step of steps) {
    const [, operator = '', rest = ''] = /^(where|extend|summarize) (.+)$/.exec(step) ?? [];
    if (operator === 'where') rows = rows.filter((row) => holds(rest, row));
    else if (operator === 'extend') rows = rows.map((row) => extended(rest, row));
    else if (operator === 'summarize') return summarized(rest, rows, now);
    else throw new Error(`this query step is not known: ${step}`);
  }
  throw new Error('a query ends in one summarize');
}

function holds(condition: string, row: Row): boolean {
  return condition.split(' or ').some((each) => each.split(' and ').every((atom) => atomHolds(atom, row)));
}

function atomHolds(atom: string, row: Row): boolean {
  const [, filled] = /^isnotempty\((\w+)\)$/.exec(atom) ?? [];
  if (filled !== undefined) return (row[filled] ?? '') !== '';
  const [, column = '', operator = '', literal = ''] =
    /^(\w+) (==|startswith|has|matches regex) (@?".*"|true|false)$/.exec(atom) ?? [];
  const text = literal.replaceAll(/^@?"|"$/g, '');
  const value = String(row[column] ?? '');
  switch (operator) {
    case '==':
      return value === text;
    case 'startswith':
      return value.toLowerCase().startsWith(text.toLowerCase());
    case 'has':
      return new RegExp(`(?<!\\w)${text}(?!\\w)`, 'i').test(value);
    case 'matches regex':
      return new RegExp(text).test(value);
    default:
      throw new Error(`this condition is not known: ${atom}`);
  }
}

function extended(assignment: string, row: Row): Row {
  const [, name, pattern, group, column] = /^(\w+) = extract\(@"(.+)", (\d), (\w+)\)$/.exec(assignment) ?? [];
  if (name === undefined || pattern === undefined || column === undefined) throw new Error(`not known: ${assignment}`);
  return { ...row, [name]: new RegExp(pattern).exec(String(row[column] ?? ''))?.[Number(group)] ?? '' };
}

function summarized(columns: string, rows: readonly Row[], now: string): Record<string, number> {
  const list = columns.replace(/ by (\w+, )?bin\(timestamp, \d+m\)$/, '');
  return Object.fromEntries(
    [...list.matchAll(/(\w+) = (\w+\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))(?:, |$)/g)].map(
      ([, name = '', aggregate = '']) => [name, aggregated(aggregate, rows, now)],
    ),
  );
}

function aggregated(aggregate: string, rows: readonly Row[], now: string): number {
  const [, name = '', given = ''] = /^(\w+)\((.*)\)$/.exec(aggregate) ?? [];
  const [first = '', ...others] = given.split(', ');
  switch (name) {
    case 'count':
      return rows.length;
    case 'countif':
      return rows.filter((row) => holds(given, row)).length;
    case 'sum':
      return rows.reduce((total, row) => total + Number(row[first] ?? 0), 0);
    case 'dcountif':
      return new Set(rows.filter((row) => holds(others.join(', '), row)).map((row) => row[first])).size;
    case 'percentile': {
      const sorted = rows.map((row) => Number(row[first])).toSorted((one, other) => one - other);
      return sorted[Math.ceil((Number(others[0]) / 100) * sorted.length) - 1] ?? Number.NaN;
    }
    case 'iff': {
      const [whenTrue = '', ...rest] = others;
      const otherwise = rest.join(', ');
      return isTrue(first, rows, now) ? Number(whenTrue) : aggregated(otherwise, rows, now);
    }
    default:
      throw new Error(`this aggregate is not known: ${aggregate}`);
  }
}

function isTrue(condition: string, rows: readonly Row[], now: string): boolean {
  const [, until] = /^now\(\) < datetime\((.+)\)$/.exec(condition) ?? [];
  if (until !== undefined) return Date.parse(now) < Date.parse(until);
  const [, aggregate] = /^(.+\)) > 0$/.exec(condition) ?? [];
  if (aggregate === undefined) throw new Error(`this condition is not known: ${condition}`);
  return aggregated(aggregate, rows, now) > 0;
}
