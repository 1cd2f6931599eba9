import type { Seen } from './expectation.ts';
import type { Facts } from './facts.ts';

/** Something that is otherwise than on the local stack. */
export interface Difference {
  /** Which answer, or step. */
  of: string;
  fact: string;
  local: string;
  here: string;
  /** Why it is no fault; undefined where it may be one. */
  because?: string;
}

/** What may differ: by the answer and the fact, as `answer: fact`. */
const MAY_DIFFER: readonly { which: RegExp; because: string }[] = [
  { which: /: body\.containerGroup\b/, because: 'Azure shows more of a container group than the local stack' },
  { which: /: body\.timeline\b/, because: 'how often Azure is looked at, and which events come, differs' },
  { which: /: body\.lastReport\b/, because: 'the containers of the local stack are simulated and report nothing' },
  { which: / sweep: body\.(?:collected|failed)\b/, because: 'a sweep looks at the other groups too' },
  {
    which: / sweep: body\.(reconciliation|inspection)\b/,
    because: 'a reconciliation and an inspection look at the other groups too, and may be to come',
  },
  { which: /^the (?:first|second) sweep: status$/, because: 'a sweep that takes over a minute is answered 202' },
  {
    which: /^with(?:out)? a (?:wrong )?key: .*: (?:header|body)/,
    because: 'an app with sign-in refuses in its own words',
  },
  { which: /^a body in chunks: /, because: 'the front end of Azure may put the pieces together' },
  { which: /^the address of the group: /, because: 'the containers of the local stack are simulated' },
  {
    which: /: (?:header location|body\.(?:statusUrls\.)?(?:id|\w+Uri))$/,
    because: 'where to follow a command is for ACI_KEYLESS_STATUS_URLS and ACI_PUBLIC_URL to say',
  },
];

/** A step that takes longer than both is worth a line: a laptop's times say little of Azure's. */
const SLOWER_TIMES = 5;
const SLOWER_SECONDS = 10;

/** What was seen here and differs from what was seen on the local stack; answers that did not come are no differences. */
export function findDifferences(local: Seen, here: Seen): Difference[] {
  return [
    ...Object.entries(here.answers).flatMap(([of, facts]) => differencesOf(of, local.answers[of], facts)),
    ...Object.entries(here.seconds).flatMap(([of, seconds]) => slowness(of, local.seconds[of], seconds)),
  ];
}

function differencesOf(of: string, local: Facts | undefined, here: Facts): Difference[] {
  if (local === undefined) return [{ of, fact: 'answer', local: 'not recorded', here: 'came' }];
  // With another status the rest is another answer, and would only be noise.
  const isOther = local['status'] !== here['status'];
  const names = isOther ? ['status', 'body.code'] : [...new Set([...Object.keys(local), ...Object.keys(here)])];
  return names
    .map((fact) => ({ of, fact, local: local[fact] ?? 'absent', here: here[fact] ?? 'absent' }))
    .filter((each) => each.local !== each.here)
    .map((each) => ({ ...each, ...reasonOf(each) }));
}

function reasonOf({ of, fact }: Pick<Difference, 'of' | 'fact'>): Pick<Difference, 'because'> {
  const because = MAY_DIFFER.find(({ which }) => which.test(`${of}: ${fact}`))?.because;
  return because === undefined ? {} : { because };
}

function slowness(of: string, local: number | undefined, here: number): Difference[] {
  return local === undefined || here <= Math.max(local * SLOWER_TIMES, local + SLOWER_SECONDS)
    ? []
    : [{ of, fact: 'seconds', local: local.toFixed(1), here: here.toFixed(1), because: 'Azure takes longer' }];
}
