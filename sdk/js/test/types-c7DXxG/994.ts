// netcidrcontainsmatches/bad set
import type { Entrypoints } from "./994.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
