// netcidrcontains/cidr contains subnet
import type { Entrypoints } from "./981.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true];
export {};
