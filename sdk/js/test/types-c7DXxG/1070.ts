// objectkeys/object_keys_found
import type { Entrypoints } from "./1070.policy.js";
const answer: Entrypoints["test/p"]["result"] = [{"a":1},{"b":2}];
export {};
