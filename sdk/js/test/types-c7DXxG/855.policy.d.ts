// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "test/p": {
    input: {
      xs?: Collection<unknown> | null;
      ys?: Collection<unknown> | null;
    };
    result: boolean | undefined;
  };
}

/** What has elements, which a policy takes one after the other. */
type Collection<T> = readonly T[] | { [key: string]: T };
