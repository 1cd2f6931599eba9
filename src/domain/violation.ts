import type { FailureCode } from './failure.ts';

/** One thing wrong with a request: which field, what was expected of it, and the code when it is not `invalidSpec`. */
export interface Violation {
  /** Such as `containerGroup.containers[1].name`. */
  field: string;
  expected: string;
  code?: FailureCode;
}
