// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "testing/p": {
    input: unknown;
    result: string | [{
      annotations: {
        scope: string;
        title: string;
      };
      path: [string, string];
    }, {
      annotations: {
        authors: [{
          name: string;
        }];
        scope: string;
        title: string;
      };
      path: [string, string];
    }, {
      annotations: {
        description: string;
        scope: string;
      };
      path: [string];
    }] | undefined;
  };
}
