// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "access/allow": {
    input: {
      action?: unknown;
      resource?: unknown;
      user?: unknown;
    };
    result: boolean;
  };
  "access/reasons": {
    input: {
      action?: unknown;
      resource?: unknown;
      user?: unknown;
    };
    result: string[];
  };
}
