// completedoc/object/nested composites: {"a": [1], "b": [2], "c": [3]}
import type { Entrypoints } from "./181.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":[1],"b":[2],"c":[3]};
export {};
