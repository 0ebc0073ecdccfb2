// The builtins that the host answers: those of OPA that touch the world, as far as a host of JavaScript can, and what stays the same within one
// decision. Knows nothing of memory: arguments and results are texts.

import { PLACE, placeOf, PolicyError } from "./error.js";
import type { Builtin, Options } from "./types.js";

const { parse, stringify } = JSON;

/** What OPA gives the same answer to throughout a decision. */
const CONSTANT = /^(http\.send|net\.lookup_ip_addr|opa\.runtime|rand\.intn|time\.now_ns|uuid\.rfc4122)$/;

/** What ends an evaluation that has to wait for a builtin. */
export class Pending {
  constructor(readonly settled: Promise<void>) {}
}

/** An answer: a text in value syntax (none: undefined), or why there is none. */
type Answer = { text: string | undefined } | Failure;

interface Failure {
  error: unknown;
  /** Whether the listener knows of it. */
  isTold?: boolean;
}

/** What one decision remembers. */
export class Decision {
  #answers: Map<string, Answer> | undefined;
  /** The first builtin that failed where failures are errors. */
  failure: PolicyError | undefined;

  /** @param waits Whether the decision can wait for promises. Each call is then made once, however often the evaluation begins anew. */
  constructor(readonly waits: boolean) {}

  /** The answers to calls, by name and arguments. Most decisions make none. */
  get answers(): Map<string, Answer> {
    return (this.#answers ??= new Map());
  }
}

/** What an instance may call. */
export class Builtins {
  readonly #functions: Record<string, Builtin>;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    this.#functions = Object.assign(Object.create(null), effects(options.print!), options.builtins);
  }

  /** Whether there is one of that name. */
  has(name: string): boolean {
    return typeof this.#functions[name] === "function";
  }

  /** Answers a call with a text in value syntax; nothing is undefined. `place` is `FILE:ROW:COL: NAME`, or empty. */
  answer(decision: Decision, name: string, place: string, arguments_: string[]): string | undefined {
    const key = decision.waits || CONSTANT.test(name) ? `${name}(${arguments_})` : "";
    let answer = key ? decision.answers.get(key) : undefined;
    if (!answer) {
      answer = this.#ask(decision, name, key, arguments_);
      // What failed is tried again, as in OPA, but not because the evaluation begins anew.
      if (key && (decision.waits || "text" in answer)) decision.answers.set(key, answer);
    }
    if ("text" in answer) return answer.text;
    this.#failed(decision, name, place, answer);
    return undefined;
  }

  #ask(decision: Decision, name: string, key: string, arguments_: string[]): Answer {
    let result: unknown;
    try {
      result = this.#functions[name]!(...arguments_.map((text) => parse(text)));
      if (typeof (result as PromiseLike<unknown>)?.then !== "function") return written(result);
    } catch (error) {
      return { error };
    }
    // Whether it is awaited or not, nobody else is to hear of its failure.
    const settled = Promise.resolve(result)
      .then(written)
      .catch((error: unknown) => ({ error }))
      .then((answer) => void decision.answers.set(key, answer));
    if (decision.waits) throw new Pending(settled);
    throw new PolicyError("async_builtin", `the builtin \`${name}\` answers with a promise: ask with evaluateAsync`);
  }

  #failed(decision: Decision, name: string, place: string, failure: Failure): void {
    const { error } = failure;
    const at = placeOf(PLACE.exec(place));
    if (!failure.isTold) this.#options.onBuiltinError?.(error, { name, ...at });
    failure.isTold = true;
    if (this.#options.strictBuiltinErrors) {
      const why = (error as Error | undefined)?.message ?? error;
      decision.failure ??= new PolicyError("eval_builtin_error", `${name}: ${why}`, error, at);
    }
  }
}

const written = (value: unknown): Answer => ({ text: write(value) });

/** A value in OPA's value syntax: JSON, and sets. */
function write(value: unknown): string | undefined {
  if (typeof value === "bigint") return `${value}`;
  if (typeof value !== "object" || !value || "toJSON" in value) return stringify(value);
  const items = (items: Iterable<unknown>) => Array.from(items, (item) => write(item) ?? "null");
  if (Array.isArray(value)) return `[${items(value)}]`;
  if (value instanceof Set) return value.size ? `{${items(value)}}` : "set()";
  const entries = Object.entries(value).map(([key, of]) => [stringify(key), write(of)]);
  return `{${entries.filter(([, text]) => text).map((entry) => entry.join(":"))}}`;
}

/** The effects that need nothing but JavaScript. */
function effects(print: (line: string) => void): Record<string, Builtin> {
  return {
    "time.now_ns": () => BigInt(Date.now()) * 1_000_000n,
    "rand.intn": (seed: unknown, limit: unknown) => {
      if (typeof seed !== "string" || !Number.isInteger(limit)) throw new TypeError("operands must be string and integer number");
      return Math.floor(Math.random() * Math.abs(limit as number));
    },
    "uuid.rfc4122": uuid,
    "opa.runtime": () => ({}),
    trace: () => true,
    "internal.print": (operands: unknown[][]) => {
      // An operand is the set of its values: none is undefined, and several come from an operand with free variables.
      const shown = (value: unknown) => (typeof value === "string" ? value : stringify(value));
      const lines = ([values, ...rest]: unknown[][]): string[] =>
        values ? (values.length ? values.map(shown) : ["<undefined>"]).flatMap((word) => lines(rest).map((line) => `${word} ${line}`)) : [""];
      for (const line of lines(operands)) print(line.slice(0, -1));
      return true;
    },
  };
}

/** A random UUID, version 4 (RFC 4122, section 4.4). `crypto.randomUUID` is missing in pages without TLS. */
function uuid(): string {
  const digit = () => crypto.getRandomValues(new Uint8Array(1))[0]! & 15;
  return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replace(/[xy]/g, (kind) => (kind === "x" ? digit() : (digit() & 3) | 8).toString(16));
}
