// netcidrcontains/cidr does not contain ip
import type { Entrypoints } from "./988.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false];
export {};
