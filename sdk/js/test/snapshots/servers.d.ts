// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

/** What every entrypoint is asked with. */
export type Input = {
  networks?: {
    id: string;
    public: boolean;
  }[];
  ports?: {
    id: string;
    network?: string;
  }[];
  servers: {
    id: string;
    ports?: string[];
    protocols: string[];
  }[];
};

export interface Entrypoints {
  "example": {
    input: Input;
    result: {
      allow: boolean;
      public_servers: {
        id: string;
        ports?: string[];
        protocols: string[];
      }[];
      violation: string[];
    };
  };
  "example/allow": {
    input: Input;
    result: boolean;
  };
  "example/public_servers": {
    input: Input;
    result: {
      id: string;
      ports?: string[];
      protocols: string[];
    }[];
  };
  "example/violation": {
    input: Input;
    result: string[];
  };
}
