// regex.replace: anchored RE, start+end, match
import type { Entrypoints } from "./1209.policy.js";
const answer: Entrypoints["test/p"]["result"] = "M";
export {};
