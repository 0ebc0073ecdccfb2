// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "kubernetes/admission": {
    input: {
      request?: {
        object?: {
          metadata?: {
            labels?: {
              team?: unknown;
            } | null;
          } | null;
          spec?: {
            containers?: Collection<unknown> | null;
            initContainers?: Collection<unknown> | null;
          } | null;
        } | null;
      } | null;
    };
    result: {
      containers: unknown[];
      deny: string[];
    };
  };
  "kubernetes/admission/containers": {
    input: {
      request?: {
        object?: {
          spec?: {
            containers?: Collection<unknown> | null;
            initContainers?: Collection<unknown> | null;
          } | null;
        } | null;
      } | null;
    };
    result: unknown[];
  };
  "kubernetes/admission/deny": {
    input: {
      request?: {
        object?: {
          metadata?: {
            labels?: {
              team?: unknown;
            } | null;
          } | null;
          spec?: {
            containers?: Collection<unknown> | null;
            initContainers?: Collection<unknown> | null;
          } | null;
        } | null;
      } | null;
    };
    result: string[];
  };
  "kubernetes/images": {
    input: unknown;
    result: {
      registries: string[];
    };
  };
  "kubernetes/images/registries": {
    input: unknown;
    result: string[];
  };
}

/** What has elements, which a policy takes one after the other. */
type Collection<T> = readonly T[] | { [key: string]: T };
