// netcidrexpand/cidr invalid mask
import type { Entrypoints } from "./997.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
