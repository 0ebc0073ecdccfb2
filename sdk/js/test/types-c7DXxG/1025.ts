// netcidrmerge/cidr empty
import type { Entrypoints } from "./1025.policy.js";
const answer: Entrypoints["test/p"]["result"] = [];
export {};
