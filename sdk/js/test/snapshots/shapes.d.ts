// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "shapes": {
    input: {
      a?: {
        b?: Collection<{
          c?: unknown;
        } | null> | null;
      } | null;
      list?: unknown;
      n?: unknown;
      o?: Collection<unknown> | null;
      obj?: Collection<{
        deep?: Collection<unknown> | null;
      } | null> | null;
      q?: unknown;
      u?: unknown;
      w?: unknown;
      x?: unknown;
    };
    result: {
      always?: unknown;
      empty: [];
      list?: unknown;
      n: {
        a: {
          b: number;
          c?: number;
        };
      };
      nothing: never[];
      object?: {
        "\"\u000a": number;
        a: number;
        b: [boolean, null, string];
        c: number[];
        "d e": unknown;
        f: {
          "1": number;
          [key: string]: number;
        };
      };
      one_of?: number | string;
      partial: {
        [key: string]: unknown;
      };
      sometimes?: boolean;
      tuple: [number, string];
    };
  };
  "shapes/always": {
    input: unknown;
    result: unknown;
  };
  "shapes/empty": {
    input: unknown;
    result: [];
  };
  "shapes/list": {
    input: {
      list?: unknown;
      obj?: Collection<{
        deep?: Collection<unknown> | null;
      } | null> | null;
    };
    result: unknown;
  };
  "shapes/n/a/b": {
    input: unknown;
    result: number;
  };
  "shapes/n/a/c": {
    input: {
      q?: unknown;
    };
    result: number | undefined;
  };
  "shapes/nothing": {
    input: unknown;
    result: never[];
  };
  "shapes/object": {
    input: {
      x?: unknown;
    };
    result: {
      "\"\u000a": number;
      a: number;
      b: [boolean, null, string];
      c: number[];
      "d e": unknown;
      f: {
        "1": number;
        [key: string]: number;
      };
    } | undefined;
  };
  "shapes/one_of": {
    input: {
      u?: unknown;
      w?: unknown;
    };
    result: number | string | undefined;
  };
  "shapes/partial": {
    input: {
      o?: Collection<unknown> | null;
    };
    result: {
      [key: string]: unknown;
    };
  };
  "shapes/sometimes": {
    input: {
      a?: {
        b?: Collection<{
          c?: unknown;
        } | null> | null;
      } | null;
      n?: unknown;
    };
    result: boolean | undefined;
  };
  "shapes/tuple": {
    input: unknown;
    result: [number, string];
  };
}

/** What has elements, which a policy takes one after the other. */
type Collection<T> = readonly T[] | { [key: string]: T };
