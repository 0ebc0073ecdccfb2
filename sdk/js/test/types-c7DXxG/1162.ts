// refheads/general, set leaf (other rule defines dynamic ref portion)
import type { Entrypoints } from "./1162.policy.js";
const answer: Entrypoints["test/p"]["result"] = {"foo":"bar","q":["a","b","c"]};
export {};
