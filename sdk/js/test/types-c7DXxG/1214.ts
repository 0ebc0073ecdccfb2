// regex.replace: match with count, 2
import type { Entrypoints } from "./1214.policy.js";
const answer: Entrypoints["test/p"]["result"] = "_o __";
export {};
