// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "negation/p": {
    input: {
      x?: Collection<unknown> | null;
      y?: unknown;
    };
    result: boolean;
  };
}

/** What has elements, which a policy takes one after the other. */
type Collection<T> = readonly T[] | { [key: string]: T };
