// regex.replace: anchored RE, end, no match
import type { Entrypoints } from "./1211.policy.js";
const answer: Entrypoints["test/p"]["result"] = "foo";
export {};
