// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "test/result": {
    input: unknown;
    result: {
      certs: {
        CN: unknown;
        DNS: unknown;
        URI: unknown;
      }[];
      valid: boolean;
    } | undefined;
  };
}
