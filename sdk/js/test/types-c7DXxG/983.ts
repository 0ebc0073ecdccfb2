// netcidrcontains/cidr does not contain subnet
import type { Entrypoints } from "./983.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [false];
export {};
