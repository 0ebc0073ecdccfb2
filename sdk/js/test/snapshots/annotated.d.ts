// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "annotated/user": {
    input: {
      name: string;
      tags?: string[];
    } & {
      more?: {
        x?: number;
      };
    };
    result: {
      name: string;
      tags?: string[];
      whole: {
        more?: {
          x?: number;
        };
        name: string;
        tags?: string[];
      };
    } | undefined;
  };
}
