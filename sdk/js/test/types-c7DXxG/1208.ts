// regex.replace: anchored RE, start+end, no match
import type { Entrypoints } from "./1208.policy.js";
const answer: Entrypoints["test/p"]["result"] = "foo";
export {};
