import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Starts files that wait most of their time (whole processes, in real time) in turn with files that compute most of it, from the beginning
 * on: one kind after the other would leave the cores idle first, and then wait for them. The one that waits longest is the first. Those that
 * share a process come last, project by project: a process goes on with the next file only where that is one of its own project.
 */
export class WaitingBesideWorking extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- no array: the order of the class above
    const sorted = await super.sort(files);
    const waiting = [...sorted.filter(waitsLongest), ...sorted.filter((each) => waits(each) && !waitsLongest(each))];
    const working = sorted.filter((each) => !waits(each) && !shares(each));
    const inTurn = Array.from({ length: Math.max(waiting.length, working.length) }, (_, index) => [
      waiting[index],
      working[index],
    ]);
    return [...inTurn.flat().filter((each) => each !== undefined), ...sorted.filter(shares)];
  }
}

/** It lives through kills in real time; where no run has measured the files yet, they come by their size, and it is a small one. */
function waitsLongest({ moduleId }: TestSpecification): boolean {
  return moduleId.endsWith('/e2e/kill.test.ts');
}

function waits({ project }: TestSpecification): boolean {
  return project.name === 'e2e';
}

function shares({ project }: TestSpecification): boolean {
  return !project.config.isolate;
}
