// netcidrmerge/cidr invalid IP
import type { Entrypoints } from "./1029.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
