// netcidrcontainsmatches/objects
import type { Entrypoints } from "./996.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [["k1","1.1.1.128"],["k2","1.1.1.128"]];
export {};
