// What can go wrong, as one class with a code to decide by. Takes abort messages apart; knows nothing of instances.

/** OPA's codes of evaluation errors; `eval_internal_error` is also a trap of the module. */
export type EvaluationCode =
  | "eval_conflict_error"
  | "eval_type_error"
  | "eval_builtin_error"
  | "eval_with_merge_error"
  | "eval_cancel_error"
  | "eval_internal_error";

/** The codes of what this loader itself refuses. */
export type LoaderCode =
  /** What was loaded is no policy: no WebAssembly module, none with OPA's ABI 1.2 or later, or an answer of a server that failed. */
  | "invalid_module"
  /** The policy calls a builtin that was not passed in. */
  | "missing_builtin"
  /** There is no entrypoint of that name, or there are several and none was named. */
  | "unknown_entrypoint"
  /** The input is not JSON. */
  | "invalid_input"
  /** The data is not JSON, or no object. */
  | "invalid_data"
  /** A path leads nowhere in the data. */
  | "invalid_path"
  /** The memory that the instance may have is used up. */
  | "out_of_memory"
  /** A builtin answered `evaluate` with a promise; `evaluateAsync` waits for it. */
  | "async_builtin"
  /** A builtin called the instance that it answers; `clone()` makes another. */
  | "busy";

/** What went wrong. */
export type ErrorCode = EvaluationCode | LoaderCode;

/** A place in the source of the policy; rows and columns count from 1. */
export interface Place {
  file: string;
  row: number;
  column: number;
}

/** An error of loading or of a decision. Decide by `code`, never by `message`. */
export class PolicyError extends Error {
  /** What went wrong. */
  readonly code: ErrorCode;
  /** The file as it was named when the policy was compiled. With `row` and `column` only where the module knows the place. */
  declare readonly file?: string;
  /** The row, from 1. */
  declare readonly row?: number;
  /** The column, from 1. */
  declare readonly column?: number;

  constructor(code: ErrorCode, message: string, cause?: unknown, place?: Place | undefined) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    if (place) Object.assign(this, place);
  }

  /** The error that a text given to `opa_abort` stands for: `FILE:ROW:COL: CODE: MESSAGE`, where the place or the code may be missing. */
  static fromAbort(text: string): PolicyError {
    const match = PLACE.exec(text);
    const said = match ? match[4]! : text;
    const [, code = CODES[said] ?? "eval_internal_error", message = said] = /^(eval_\w+_error): (.*)/s.exec(said) ?? [];
    return new PolicyError(code as ErrorCode, message, undefined, placeOf(match));
  }

  static {
    // On the prototype, so that it is there when the stack is written.
    this.prototype.name = "PolicyError";
  }

  /** `PolicyError: FILE:ROW:COL: CODE: MESSAGE`. */
  override toString(): string {
    const place = this.file === undefined ? "" : `${this.file}:${this.row}:${this.column}: `;
    return `${this.name}: ${place}${this.code}: ${this.message}`;
  }
}

// A file name may hold colons: the first `:ROW:COL: ` of the first line decides.
export const PLACE = /^([^\n]+?):(\d+):(\d+): (.*)/s;

/** The place that a text begins with. */
export function placeOf(match: RegExpExecArray | null): Place | undefined {
  return match ? { file: match[1]!, row: +match[2]!, column: +match[3]! } : undefined;
}

/** The codes of messages that modules abort with and that have none. */
const CODES: Record<string, ErrorCode> = {
  // OPA's `opa_runtime_error`.
  "var assignment conflict": "eval_conflict_error",
  "object insert conflict": "eval_conflict_error",
  "opa_malloc: failed": "out_of_memory",
  "opa_eval: malformed input": "invalid_input",
};
