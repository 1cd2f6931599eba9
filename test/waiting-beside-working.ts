import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Starts files that wait most of their time (whole processes, in real time) in turn with files that compute most of it, from the beginning
 * on: one kind after the other would leave the cores idle first, and then wait for them.
 */
export class WaitingBesideWorking extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- no array: the order of the class above
    const sorted = await super.sort(files);
    const waiting = sorted.filter(waits);
    const working = sorted.filter((each) => !waits(each));
    return Array.from({ length: Math.max(waiting.length, working.length) }, (_, index) => [
      waiting[index],
      working[index],
    ])
      .flat()
      .filter((each) => each !== undefined);
  }
}

function waits({ project }: TestSpecification): boolean {
  return project.name === 'e2e';
}
