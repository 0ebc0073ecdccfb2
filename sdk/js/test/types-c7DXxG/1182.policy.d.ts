// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "example/apps_by_hostname/helium": {
    input: unknown;
    result: string | undefined;
  };
}
