import { isAimedAt } from '../../../local/arm/faults/fault-target.ts';
import type { Incident } from '../../../local/arm/faults/incident-schema.ts';
import type { CommandFact, Fact, ListedGroup } from '../facts.ts';
import { clockTime } from '../invariants/invariant.ts';
import type { Run } from '../run-campaign.ts';
import type { Resource } from '../world/resources.ts';

interface Line {
  atMs: number;
  text: string;
}

/** What happened to one group until a moment, or to all of it where none is named: what could matter for it, and of what repeats the first and the last. */
export function timelineOf({ plan, startMs, facts }: Run, group: string | undefined, untilMs: number): string[] {
  const shown = new Changes();
  const lines = [
    ...plan.faults.incidents.flatMap((incident) => linesOfFault(incident, group, plan.names, startMs)),
    ...facts.flatMap((fact) => linesOf(fact, group, shown)),
  ]
    .filter(({ atMs }) => atMs <= untilMs)
    .toSorted((one, other) => one.atMs - other.atMs);
  return collapse(lines).map(({ atMs, text }) => `${clockTime(startMs, atMs)}  ${text}`);
}

function linesOfFault(
  incident: Incident,
  group: string | undefined,
  names: Run['plan']['names'],
  startMs: number,
): Line[] {
  const planned = names.find(({ key }) => key === group);
  const target = planned && { region: planned.location, resourceGroup: planned.resourceGroup, name: planned.name };
  const { kind, fromSeconds, ...more } = incident;
  const aim = 'rate' in more && 'regions' in more ? { kind, ...more } : { kind };
  if (target !== undefined && !isAimedAt(aim, target)) return [];
  const { forSeconds, rate, ...rest } = { forSeconds: undefined, rate: undefined, ...more };
  const until = forSeconds === undefined ? '' : ` until ${clockTime(0, (fromSeconds + forSeconds) * 1_000)}`;
  const details = Object.entries(rest).filter(
    ([name]) => !['regions', 'resourceGroups', 'names', 'images', 'operations'].includes(name),
  );
  const said = details.map(([name, value]) => ` ${name} ${JSON.stringify(value)}`).join('');
  const share = rate === undefined || rate === 1 ? '' : ` of ${Math.round(rate * 100)} %`;
  return [{ atMs: startMs + fromSeconds * 1_000, text: `fault ${kind}${share}${until}${said}` }];
}

function linesOf(fact: Fact, group: string | undefined, shown: Changes): Line[] {
  const line = (text: string): Line[] => [{ atMs: fact.atMs, text }];
  switch (fact.fact) {
    case 'turn':
      return line(fact.what);
    case 'command':
      return fact.group === group ? line(`${fact.by} ${fact.command}${detailOf(fact)} → ${outcomeOf(fact)}`) : [];
    case 'report':
      return fact.group === group
        ? line(`${fact.by} reports ${fact.count}: ${fact.status}${fact.state === undefined ? '' : ` (${fact.state})`}`)
        : [];
    case 'server':
      return fact.group === group ? line(fact.what) : [];
    case 'arm': {
      const isWrite = fact.method !== 'GET';
      return group !== undefined && fact.group === group && isWrite
        ? line(`the app sends ARM a ${fact.method}; there is ${describeResource(fact.resource)}`)
        : [];
    }
    case 'look': {
      if (group === undefined) return [];
      const text = `seen: ${describeGroup(fact.groups.get(group))}; in Azure ${describeResource(fact.resources.get(group))}`;
      return shown.isNew(text) ? line(text) : [];
    }
    case 'leak':
      return line(`${fact.secret} is in ${fact.place}`);
    case 'resources':
    case 'store':
      return [];
  }
}

function detailOf({ command, body }: CommandFact): string {
  if (typeof body !== 'object' || body === null) return '';
  if (command === 'ACISetState' && 'state' in body) return ` ${String(body.state)}`;
  return 'ifIdle' in body ? ' ifIdle' : '';
}

function outcomeOf({ status, answer }: CommandFact): string {
  if (status === 0) return 'no answer';
  const code = typeof answer === 'object' && answer !== null && 'code' in answer ? ` ${String(answer.code)}` : '';
  return `${status}${code}`;
}

function describeGroup(group: ListedGroup | undefined): string {
  if (group === undefined) return 'no group';
  const { state, activeSessions, publicIP, failure, deletion, createdAt } = group;
  return [
    `${state} of ${createdAt.slice(11, 19)}`,
    `${activeSessions} sessions`,
    ...(publicIP === undefined ? [] : [`at ${publicIP}`]),
    ...(failure === undefined ? [] : [failure.code]),
    ...(deletion === undefined ? [] : ['its deletion has begun']),
  ].join(', ');
}

function describeResource(resource: Resource | undefined): string {
  if (resource === undefined) return 'nothing';
  const { sequence, provisioningState, instanceState, ip, tags } = resource;
  const incarnation = tags['aci-incarnation']?.slice(0, 8) ?? 'no tag';
  return `resource ${sequence} (${incarnation}), ${provisioningState}, ${instanceState}${ip === undefined ? '' : `, at ${ip}`}`;
}

/** Remembers what was said last. */
class Changes {
  #last = '';

  isNew(text: string): boolean {
    const isNew = text !== this.#last;
    this.#last = text;
    return isNew;
  }
}

/** Of lines in a row that differ in numbers only the first and the last are kept, and how many were between them. */
function collapse(lines: readonly Line[]): Line[] {
  const kept: Line[] = [];
  for (let index = 0; index < lines.length;) {
    const kind = kindOf(lines[index]);
    let end = index + 1;
    while (end < lines.length && kindOf(lines[end]) === kind) end += 1;
    const [first, last] = [lines[index], lines[end - 1]];
    if (first !== undefined) kept.push(first);
    if (end - index > 3 && first !== undefined) {
      kept.push({ atMs: first.atMs, text: `… ${end - index - 2} more like this` });
    } else {
      kept.push(...lines.slice(index + 1, Math.max(index + 1, end - 1)));
    }
    if (end - index > 1 && last !== undefined) kept.push(last);
    index = end;
  }
  return kept;
}

function kindOf(line: Line | undefined): string {
  return line?.text.replaceAll(/\d+/g, '') ?? '';
}
