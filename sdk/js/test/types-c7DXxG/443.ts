// globmatch/super wildcard is not a globstar
import type { Entrypoints } from "./443.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
