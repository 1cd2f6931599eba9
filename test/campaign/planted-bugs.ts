import type { AppCopy } from '../integration/stack/next-version.ts';

/** A fault that a campaign must find, planted in a copy of the app. */
interface PlantedBug {
  about: string;
  plant: (copy: AppCopy) => void;
}

/** The faults that can be planted, by name. Each edit fails where the text that it changes is no longer there. */
export const plantedBugs: Readonly<Record<string, PlantedBug>> = {
  'swallowed-event': {
    about: 'ACIMonitor acknowledges what Event Grid tells, and wakes nobody.',
    plant: ({ edit }) => {
      edit('src/triggers/aci-monitor.ts', [
        "  if (group.state === 'Creating') {\n    await client.raise(resourceChanged, provisionInstanceId(key), {});\n",
        "  if (group.state === 'Creating') {\n",
      ]);
    },
  },
  'swallowed-report': {
    about: 'One of five counts of sessions is accepted, and told to nobody.',
    plant: ({ edit }) => {
      edit('src/triggers/http/session-reports.ts', [
        '      await outbox.send(client, key, input);',
        '      if (input.activeSessions % 5 !== 4) await outbox.send(client, key, input);',
      ]);
    },
  },
  'hasty-delete': {
    about:
      'A group that a list does not show is given up without a second look at the resource, and its deletion does not look whether it is really gone.',
    plant: ({ edit }) => {
      edit('src/activities/look-again.ts', [
        '{ resource: undefined, observation: undefined, ...examined.found }',
        "{ resource: undefined, observation: undefined, ...(suspect.kinds.includes('ghost') ? undefined : examined.found) }",
      ]);
      edit('src/orchestrators/delete-container-group.ts', [
        "context.input.mode === 'graceful' && wasSaidToBeGone(group)",
        "context.input.mode !== 'graceful' && wasSaidToBeGone(group)",
      ]);
    },
  },
  'lost-retry': {
    about: 'A deletion that ARM does not take is not tried again, and counts as done.',
    plant: ({ edit }) => {
      edit('src/orchestrators/delete-container-group.ts', [
        '  const uncertainForMs = absenceUncertainForMs(',
        '  if (!result.ok) {\n' +
          "    yield* ask(context, containerGroupEntity, groupKey(id), 'finishDelete', { at: context.now(), incarnation, cause });\n" +
          '    return { ok: true, deleted: true };\n' +
          '  }\n' +
          '  const uncertainForMs = absenceUncertainForMs(',
      ]);
    },
  },
  'forgotten-page': {
    about: 'ACIList takes a page of the backend that ends early for the last one.',
    plant: ({ edit }) => {
      edit('src/triggers/http/aci-list.ts', [
        'if (nextPage === undefined) {',
        'if (nextPage === undefined || found.length < 3) {',
      ]);
    },
  },
  'trusted-tag': {
    about: 'A resource with the tags of another installation is taken for our own.',
    plant: ({ edit }) => {
      edit('src/domain/reconcile/difference.ts', [
        "  if (theirs !== owner) {\n    return { is: 'foreign' };\n  }\n",
        '',
      ]);
    },
  },
};

/** What plants a bug of this name; nothing where there is none. Throws for one that is not known. */
export function plantBug(name: string | undefined): (copy: AppCopy) => void {
  if (name === undefined) return () => undefined;
  const bug = plantedBugs[name];
  if (bug === undefined) {
    throw new Error(`There is no planted bug '${name}'. Known are ${Object.keys(plantedBugs).join(', ')}.`);
  }
  return bug.plant;
}
