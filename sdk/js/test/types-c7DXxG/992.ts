// netcidrcontainsmatches/bad array
import type { Entrypoints } from "./992.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
